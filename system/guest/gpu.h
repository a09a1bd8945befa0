/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A driver for the GPU (SGX544), as far as tests need one. It writes registers in the order
 * of TI's GPL driver (docs/gpu.md), and talks to a microkernel by model/sgx_abi.h.
 *
 * A context is a directory with the tables of one range of device addresses, and the
 * shared heap's table. Directories and tables are pages of Linux's; what is mapped is the
 * arena (test.h).
 */
#ifndef GPU_TEST_H
#define GPU_TEST_H

#include <linux/types.h>

#include "sgx_abi.h"
#include "test.h"

/* A page that the CPU does not cache. */
struct gpu_page {
    u32 *words; /* NULL: there is none */
    dma_addr_t ipa;
};

int gpu_page_alloc(struct gpu_page *page);
void gpu_page_free(struct gpu_page *page);

#define GPU_TABLES      4     /* in a context's own range */
#define GPU_TABLE_BYTES SZ_4M /* device addresses of a table */

struct gpu_context {
    struct gpu_page dir;
    u32 first; /* device address of its range, that of a table */
    struct gpu_page table[GPU_TABLES];
    u32 root; /* what a record has */
};

/* The shared heap, the same in each context. */
#define SHARED_DA 0x10000000

/* Binds the GPU; -ENODEV: it is not in the device tree. */
int gpu_find(void);
void gpu_put(void);

/*
 * What a record has for a directory: its own address, or what a mediator gives; 0 if that
 * has no room for it. It keeps its place until it is forgotten.
 */
bool gpu_is_mediated(void);
u32 gpu_root_of(u32 dir);
void gpu_forget(u32 dir);

/* Registers: offsets in the window. */
u32 gpu_read(u32 offset);
void gpu_write(u32 offset, u32 value);

/* What a reset writes to SOFT_RESET: at first, and after the GPU has locked up. */
#define GPU_FIRST_RESET    0x5ff
#define GPU_RECOVERY_RESET 0x7ff

/* The reset's registers alone: the microkernel is off. */
void gpu_reset(u32 soft_reset);

/* Reset, kernel's directory, start of the microkernel. 0 when it has started. */
int gpu_start(u32 soft_reset);

/* The kernel's own space, of which the microkernel's structures are a part. */
struct gpu_context *gpu_kernel(void);
u32 gpu_init_block(unsigned int offset);

/* In kernel's space, for scenarios: a page that is mapped at this device address. */
#define GPU_SCRATCH_DA (UK_INIT_DA + SZ_1M)
struct gpu_page *gpu_scratch(void);

/* -ENOMEM: no memory; -ENOSPC: the mediator has no room for the directory. */
int context_init(struct gpu_context *c);
void context_free(struct gpu_context *c);

/* Pages of 4 KiB << 2 * size at da, which is in the context's range. */
int gpu_map(struct gpu_context *c, u32 da, u32 ipa, u32 len, unsigned int size);
void gpu_unmap(struct gpu_context *c, u32 da, u32 len);

/* A page of 4 KiB in the shared heap; ipa 0: none. */
void gpu_map_shared(u32 da, u32 ipa);

/* The table's word of a page of 4 KiB at da. */
u32 *gpu_table_word(struct gpu_context *c, u32 da);

/* A directory's word was changed: the next command makes the microkernel invalidate it. */
void gpu_directories_changed(void);

struct gpu_job {
    u32 word[UK_JOB_WORDS];
};

#define GPU_FILL(core, da, len, value) \
    { \
        { \
            UK_FILL, UK_BY_3D, (core), (da), 0, (len), (value) \
        } \
    }
#define GPU_COPY(core, dst, src, len) \
    { \
        { \
            UK_COPY, UK_BY_TA, (core), (dst), (src), (len) \
        } \
    }

/* The record of a context's jobs, up to 8, in the slot-th place of 64; its command. */
#define GPU_RECORDS 64
void gpu_submit(unsigned int slot, u32 root, const struct gpu_job *jobs,
                unsigned int n);

/* Any command. */
void gpu_command(u32 service, const u32 *data);

/* So many commands have not ended. */
unsigned int gpu_waiting(void);

/*
 * Until all commands have ended: 0. -EFAULT: the GPU has locked up by a fault, at
 * gpu_fault_da(). -ETIMEDOUT: neither.
 */
int gpu_wait(void);
u32 gpu_fault_da(void);

/* Submit to the first record, and wait. */
int gpu_draw(const struct gpu_context *c, const struct gpu_job *jobs,
             unsigned int n);

/* Interrupts at the end of a command, so far. */
unsigned int gpu_events(void);

extern const struct scenario gpu_ordinary[], gpu_hostile[], gpu_breach[];

/* What each scenario starts with: two contexts that map nothing. */
extern struct gpu_context gpu_contexts[2];

/* Expects a fault of a write to da, and of a read, in the first context; recovers. */
const char *gpu_refused(u32 da);

/*
 * GPU_RECORDS commands of the first context, which fill 4 MiB at DA again and again, for
 * many seconds: the arena's from GPU_LONG_WORK on. They have begun, and have not ended.
 */
#define GPU_LONG_WORK SZ_4M
const char *gpu_begin_long_work(void);

#endif /* GPU_TEST_H */
