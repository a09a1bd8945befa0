/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a program without a C library needs of Linux on 32-bit Arm. No library for that
 * machine is among the packages that this project installs.
 */
#ifndef WITNESS_SYS_H
#define WITNESS_SYS_H

#include <stddef.h>
#include <stdint.h>

/* Negative: an error number of Linux's. */
int sys_open(const char *path);
int sys_close(int fd);
int sys_ioctl(int fd, unsigned int request, void *arg);
int sys_read(int fd, void *buffer, size_t bytes);
int sys_write(int fd, const void *buffer, size_t bytes);
int sys_pipe(int fds[2]);
int sys_fork(void);
int sys_wait(int pid, int *status);
void sys_sleep_ms(unsigned int ms);
_Noreturn void sys_exit(int status);

/* Readable, writable and shared; offset in units of 4 KiB. NULL: it failed. */
void *sys_mmap(int fd, size_t bytes, uint32_t offset);

/* As the C library's. */
void *memset(void *to, int value, size_t bytes);
void *memcpy(void *restrict to, const void *restrict from, size_t bytes);

/* To the console, as one line with a write of its own: %s, %x and %d. */
void say(const char *format, ...);

/* "not ok - test: why", and the end of this process. */
_Noreturn void fail(const char *test, const char *why, uint32_t number);

/* The program's: what it returns is the exit status. */
int main(int argc, char *argv[]);

#endif /* WITNESS_SYS_H */
