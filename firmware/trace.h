/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The trace buffer: text that Linux shows as debugfs
 * remoteproc/remoteprocN/trace0.
 */
#ifndef FIRMWARE_TRACE_H
#define FIRMWARE_TRACE_H

#define TRACE_BYTES 0x8000u

extern char trace_buffer[TRACE_BYTES];

/*
 * Appends text: %x is a word in eight hexadecimal digits, %u one in decimal, %s
 * a string; each is one word. What does not fit is lost.
 */
void trace(const char *format, ...);

#endif /* FIRMWARE_TRACE_H */
