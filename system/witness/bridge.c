/* SPDX-License-Identifier: GPL-2.0-only */
/* See bridge.h. */
#include "bridge.h"

/* The driver's only call, as DRM has it: command 0 of the device's own. */
#define DRM_CALL _IOWR('d', 0x40, PVRSRV_BRIDGE_PACKAGE)

#define NODE "/dev/dri/card0"

/* Device nodes come a little after the driver. */
#define NODE_TRIES 1200
#define NODE_MS    50

IMG_HANDLE handle_of(void *at)
{
    return (IMG_HANDLE)(uintptr_t)at;
}

uint32_t services_try(struct services *s, uint32_t call, void *in,
                      size_t in_bytes, void *out, size_t out_bytes)
{
    PVRSRV_BRIDGE_PACKAGE package = {
        .ui32BridgeID = call,
        .ui32Size = sizeof(package),
        .hParamIn = handle_of(in),
        .ui32InBufferSize = in_bytes,
        .hParamOut = handle_of(out),
        .ui32OutBufferSize = out_bytes,
        .hKernelServices = s->kernel,
    };

    memset(out, 0, out_bytes);
    if ( sys_ioctl(s->fd, DRM_CALL, &package) < 0 )
        fail(s->test, "the driver does not take a call, number", _IOC_NR(call));

    return *(uint32_t *)out;
}

void services_call(struct services *s, uint32_t call, void *in, size_t in_bytes,
                   void *out, size_t out_bytes)
{
    uint32_t error = services_try(s, call, in, in_bytes, out, out_bytes);

    if ( !error )
        return;

    say("witness: call %d: the driver's error %d", _IOC_NR(call), error);
    fail(s->test, "the driver answers with an error", error);
}

void services_open(struct services *s, const char *test)
{
    PVRSRV_BRIDGE_IN_CONNECT_SERVICES in = { .ui32Flags = 0 };
    PVRSRV_BRIDGE_OUT_CONNECT_SERVICES out;
    unsigned int i;

    memset(s, 0, sizeof(*s));
    s->test = test;
    for ( i = 0; (s->fd = sys_open(NODE)) < 0; i++ )
    {
        if ( i == NODE_TRIES )
            fail(test, "there is no " NODE, -s->fd);
        sys_sleep_ms(NODE_MS);
    }
    CALL(s, PVRSRV_BRIDGE_CONNECT_SERVICES, &in, &out);
    s->kernel = (IMG_HANDLE)(uintptr_t)out.hKernelServices;
}

void services_device(struct services *s)
{
    PVRSRV_BRIDGE_IN_ACQUIRE_DEVICEINFO in = {
        .uiDevIndex = 0,
        .eDeviceType = PVRSRV_DEVICE_TYPE_SGX,
    };
    PVRSRV_BRIDGE_OUT_ACQUIRE_DEVICEINFO out;

    CALL(s, PVRSRV_BRIDGE_ACQUIRE_DEVICEINFO, &in, &out);
    s->device = out.hDevCookie;
}

IMG_HANDLE find_heap(struct services *s, const PVRSRV_HEAP_INFO *heaps,
                     unsigned int number)
{
    unsigned int i;

    for ( i = 0; i < PVRSRV_MAX_CLIENT_HEAPS; i++ )
        if ( heaps[i].hDevMemHeap && HEAP_IDX(heaps[i].ui32HeapID) == number )
            return heaps[i].hDevMemHeap;

    fail(s->test, "the driver has no such heap, number", number);
}

struct memory allocate(struct services *s, IMG_HANDLE heap, uint32_t bytes,
                       uint32_t attributes)
{
    PVRSRV_BRIDGE_IN_ALLOCDEVICEMEM in = {
        .hDevCookie = s->device,
        .hDevMemHeap = heap,
        .ui32Attribs = PVRSRV_MEM_READ | attributes,
        .uSize = bytes,
        .uAlignment = PAGE,
    };
    PVRSRV_BRIDGE_OUT_ALLOCDEVICEMEM out;

    CALL(s, PVRSRV_BRIDGE_ALLOC_DEVICEMEM, &in, &out);

    return (struct memory){ .info = out.sClientMemInfo.hKernelMemInfo,
                            .da = out.sClientMemInfo.sDevVAddr.uiAddr,
                            .bytes = bytes };
}

void map_for_cpu(struct services *s, struct memory *m)
{
    PVRSRV_BRIDGE_IN_MHANDLE_TO_MMAP_DATA in = { .hMHandle = m->info };
    PVRSRV_BRIDGE_OUT_MHANDLE_TO_MMAP_DATA out;
    char *at;

    CALL(s, PVRSRV_BRIDGE_MHANDLE_TO_MMAP_DATA, &in, &out);
    at = sys_mmap(s->fd, out.uiRealByteSize, out.uiMMapOffset);
    if ( !at )
        fail(s->test, "the driver's memory cannot be mapped, da", m->da);
    m->word = (volatile uint32_t *)(at + out.uiByteOffset);
}
