/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The real driver's calls, by the headers of the user's tree: which program may make them,
 * and what it gets. All of it ends the process if a call fails.
 */
#ifndef WITNESS_BRIDGE_H
#define WITNESS_BRIDGE_H

#include "sys.h"

#include "img_defs.h"
#include "services.h"
#include "sgxdefs.h"
#include "sgxapi_km.h"
#include "sgxinfo.h"
#include "sgx_mkif_km.h"
#include "sgx_options.h"
#include "pvr_bridge.h"
#include "sgx_bridge.h"

#define PAGE 0x1000u

/* This process's connection. */
struct services {
    int fd;
    IMG_HANDLE kernel, device;
    const char *test; /* what has failed if a call does */
};

/* Device memory. */
struct memory {
    IMG_HANDLE info;
    uint32_t da, bytes;
    volatile uint32_t *word; /* NULL: not mapped for the CPU */
};

void services_open(struct services *s, const char *test);

/*
 * in may be NULL. The first word of out is an error number of the driver's, which
 * is returned; services_call() takes none but PVRSRV_OK.
 */
uint32_t services_try(struct services *s, uint32_t call, void *in,
                      size_t in_bytes, void *out, size_t out_bytes);
void services_call(struct services *s, uint32_t call, void *in, size_t in_bytes,
                   void *out, size_t out_bytes);

/* An address of this process, as the driver wants it. */
IMG_HANDLE handle_of(void *at);

/* After services_open(); an init server connects in between. */
void services_device(struct services *s);

#define CALL(s, call, in, out) \
    services_call((s), (call), (in), sizeof(*(in)), (out), sizeof(*(out)))

/* The heap of that number (SGX_..._HEAP_ID) among those of a context. */
IMG_HANDLE find_heap(struct services *s, const PVRSRV_HEAP_INFO *heaps,
                     unsigned int number);

/* Attributes PVRSRV_MEM_...; readable without any. */
struct memory allocate(struct services *s, IMG_HANDLE heap, uint32_t bytes,
                       uint32_t attributes);

void map_for_cpu(struct services *s, struct memory *m);

#endif /* WITNESS_BRIDGE_H */
