/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The scripted remote processor: its registers and its commands.
 *
 * It stands in for an IPU or DSP as a bus master: it reads commands from
 * memory and performs them, each access through its MMU. The layout is this
 * project's own, no TI part has it. Plain #defines: the guest's kernel module
 * includes this file as well.
 */
#ifndef RPROC_REGS_H
#define RPROC_REGS_H

#define RPROC_WINDOW 0x1000

#define RPROC_ID     0x00 /* RO: RPROC_ID_VALUE */
#define RPROC_CTRL   0x04 /* WO */
#define RPROC_LIST   0x08 /* RW: da of the first command */
#define RPROC_STATUS 0x0c /* RO: RPROC_IDLE ... */
#define RPROC_COUNT  0x10 /* RO: since START, END not counted; RESET keeps it */

#define RPROC_ID_VALUE 0x52505243

#define RPROC_CTRL_START (1 << 0)
#define RPROC_CTRL_RESET (1 << 1) /* stop at once, also when stalled */

/* RPROC_STATUS */
#define RPROC_IDLE        0 /* after reset */
#define RPROC_RUNNING     1 /* also while stalled by the MMU */
#define RPROC_DONE        2 /* END reached */
#define RPROC_BUS_ERROR   3 /* an access was answered by an error */
#define RPROC_BAD_COMMAND 4 /* unknown op, unaligned address or length */

/*
 * A command: eight little-endian words. Addresses are device addresses and,
 * like len (bytes), multiples of 4. SUM and PROBE write the result back to the
 * command; PROBE and JUMP take no heed of len. A list may jump back for ever.
 */
#define RPROC_CMD_OP     0
#define RPROC_CMD_DST    1
#define RPROC_CMD_SRC    2
#define RPROC_CMD_LEN    3
#define RPROC_CMD_VALUE  4
#define RPROC_CMD_RESULT 5
#define RPROC_CMD_WORDS  8

#define RPROC_OP_END   0
#define RPROC_OP_COPY  1 /* len bytes from src to dst */
#define RPROC_OP_FILL  2 /* value to the words of dst, len bytes */
#define RPROC_OP_SUM   3 /* result = 32-bit sum of src's words */
#define RPROC_OP_PROBE 4 /* result = the word at src */
#define RPROC_OP_JUMP  5 /* the next command is the one at dst */

/*
 * Added to COPY, FILL, SUM or PROBE: a transfer controller of EDMA moves the
 * data, by EDMA's port. The core reads the command, waits for the end, and
 * writes the result. A processor without EDMA knows no such command.
 */
#define RPROC_OP_BY_TC0 (1 << 8)
#define RPROC_OP_BY_TC1 (1 << 9)

#endif /* RPROC_REGS_H */
