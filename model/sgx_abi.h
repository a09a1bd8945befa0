/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interface in memory of the model's microkernel (sgx.h) and its driver.
 *
 * The real one is closed, and its structures differ between versions. What the public
 * kernel driver shows of them is kept: a ring of 256 commands of 32 bytes, each with a
 * word of cache control; offsets in a control block; records that hold a directory's
 * address. All else is this project's own. Plain #defines: programs of the tests
 * include this file as well.
 *
 * Everything is little-endian words at byte offsets. Addresses of the structures are
 * device addresses in the microkernel's own space, and multiples of 4.
 */
#ifndef SGX_ABI_H
#define SGX_ABI_H

/*
 * The init block, which the microkernel reads when KICK2 starts it. It lies where this
 * register of the first core says; 0, as after power on: at UK_INIT_DA. The real driver's
 * start script names such places in registers, too.
 */
#define UK_INIT_REGISTER 0xbf0u
#define UK_INIT_DA       0x0f000000u
#define UK_INIT_RING     0x00 /* da of the ring */
#define UK_INIT_CONTROL  0x04 /* da of the control block */
#define UK_INIT_STATUS   0x08 /* written: UK_STARTED */
#define UK_INIT_POWER    0x0c /* written: by POWER, its data 1 */
#define UK_INIT_CLEANUP  0x10 /* written: by CLEANUP, its data 1 */
#define UK_INIT_BAD      0x14 /* written: how many commands were wrong */
#define UK_INIT_ANSWERS  0x18 /* how many answers there are, up to 8 */

#define UK_STARTED 1u

/*
 * Answers: words that a driver with structures of its own waits for. Each that is of a
 * command's service is written when the service has ended, in their order, and before
 * the control block says so. Those of service 0 are written at the start. A service that
 * has an answer is no wrong command, even if it does nothing else.
 */
#define UK_INIT_ANSWER(n) (0x20 + 0x10 * (n))
#define UK_MAX_ANSWERS    8u
#define UK_ANSWER_SERVICE 0x00
#define UK_ANSWER_BY      0x04 /* UK_ANSWER_AT_DATA or 0 */
#define UK_ANSWER_DA      0x08
#define UK_ANSWER_VALUE   0x0c
#define UK_ANSWER_WORDS   4u

#define UK_ANSWER_AT_DATA 1u /* the da is beyond the command's data 1 */

/* The control block: which command is next, 0 to 255. Equal: there is none. */
#define UK_CONTROL_WRITE 0x00 /* the driver's */
#define UK_CONTROL_READ  0x04 /* the microkernel's, after each command */

/* A command. */
#define UK_COMMANDS      256u
#define UK_COMMAND_BYTES 32u
#define UK_SERVICE       0x00
#define UK_CACHE_CONTROL 0x04
#define UK_DATA(n)       (0x08 + 4 * (n)) /* 0 to 5 */

/* What is invalidated before the command is performed. */
#define UK_INVAL_PT   1u
#define UK_INVAL_PD   2u
#define UK_INVAL_SL   4u /* the system's cache: no effect here */
#define UK_INVAL_DATA 8u /* no effect here */

/* Services. Any other one without an answer is a wrong command, which does nothing. */
#define UK_RENDER   1u /* data 1: da of a record */
#define UK_POWER    2u /* data 1: UK_POWER_OFF ... */
#define UK_CLEANUP  3u
#define UK_LOADBASE 4u /* what no honest driver asks for: see below */

#define UK_POWER_OFF    1u /* it stops behind this command, until KICK2 */
#define UK_POWER_IDLE   2u
#define UK_POWER_RESUME 3u

/* A record: base 0 of both cores becomes its root; then its jobs are done. */
#define UK_RECORD_ROOT   0x00 /* address of a directory, for the register */
#define UK_RECORD_JOBS   0x04 /* how many, up to 8; more is a wrong command */
#define UK_RECORD_DONE   0x08 /* written at the end: how many */
#define UK_RECORD_JOB(n) (0x20 + 0x20 * (n))
#define UK_MAX_JOBS      8u

/* A job. Its dst and src are device addresses in the record's space. */
#define UK_JOB_OP    0x00
#define UK_JOB_BY    0x04
#define UK_JOB_CORE  0x08 /* 0 or 1 */
#define UK_JOB_DST   0x0c
#define UK_JOB_SRC   0x10
#define UK_JOB_LEN   0x14 /* bytes, a multiple of 4 */
#define UK_JOB_VALUE 0x18
#define UK_JOB_WORDS 8u

#define UK_FILL 1u /* value to the words of dst */
#define UK_COPY 2u /* src to dst */

#define UK_BY_TA   1u
#define UK_BY_3D   2u
#define UK_BY_PTLA 3u

/*
 * LOADBASE: data 1 becomes base 0 of the first core, whatever it is. Then data 4
 * bytes are copied by 3D from data 2, in that space, to data 3 in the microkernel's;
 * or, if data 0 is UK_LOADBASE_WRITE, data 5 is written to the words from data 2 on.
 */
#define UK_LOADBASE_WRITE 1u

/* The bit of EVENT_STATUS that tells of a command's end. */
#define UK_EVENT (1u << 14)

#endif /* SGX_ABI_H */
