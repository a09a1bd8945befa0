/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The user space of the real driver, without TI's: what system/gpu_witness.py boots.
 *
 * `witness init` initialises the driver. `witness clients` has two processes whose
 * contexts map memory at the same device addresses, each page full of a word of its own,
 * and draw. What it tells the runner:
 *
 *   witness: client C record R       device address of the record, in the kernel's space
 *   witness: client C pages A B      from device address A on, B bytes: each page is full of
 *                                    its address | 0xc00 | C
 *   runner: hold                     both clients are there, and have drawn
 *   runner: left                     the first one has ended; the driver is to recover
 *                                    the GPU, which gives no more sign of life
 *   runner: again                    the second one has drawn once more
 */
#ifndef WITNESS_H
#define WITNESS_H

#include "bridge.h"

/* What the driver's commands are to the microkernel, beside sgx_abi.h's. */
#define SERVICE_MISC   0x106u
#define SERVICE_QUEUES 0x107u

#define KERNEL_MEMORY \
    (PVRSRV_MEM_WRITE | PVRSRV_MEM_NO_SYNCOBJ | PVRSRV_MEM_CACHE_CONSISTENT)

void init_server(void);

/* A client: its memory is there, and it has drawn. It ends with its process. */
void client(unsigned int number);

/* This process's client draws once more. */
void client_again(void);

#endif /* WITNESS_H */
