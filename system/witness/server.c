/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The init server's part, which TI's closed user space has otherwise: it gives the driver
 * memory, scripts of register writes, and the microkernel. Here that is the model's
 * (sgx_abi.h): it is told where the driver's structures lie, and which words the driver
 * waits for.
 */
#include "sgx_abi.h"

#include "witness.h"

#define TEST "driver-initialises"

#define CORE0       0x8000u
#define HOST_ENABLE 0x130u

/*
 * The driver's watchdog looks for a sign of life, every 30 ms, unless it is told
 * that something takes this long. The model's microkernel has no timer: it lives
 * as long as it says this. Behind a clean-up it does not any more, and the driver
 * resets it.
 */
#define WATCHDOG_ROUNDS 0x7fffffffu

static void give(struct services *s, IMG_HANDLE heap, IMG_HANDLE *to,
                 uint32_t bytes)
{
    *to = allocate(s, heap, bytes, KERNEL_MEMORY).info;
}

/* Memory that the driver of a 544 revision 116 asks for, for its microkernel alone. */
static void give_others(struct services *s, IMG_HANDLE heap,
                        SGX_BRIDGE_INIT_INFO *info)
{
    give(s, heap, &info->hKernelCCBEventKickerMemInfo, 4);
    give(s, heap, &info->hKernelSGXTA3DCtlMemInfo, PAGE);
    give(s, heap, &info->hKernelTASigBufferMemInfo, PAGE);
    give(s, heap, &info->hKernel3DSigBufferMemInfo, PAGE);
    give(s, heap, &info->hKernelHWPerfCBMemInfo, sizeof(SGXMKIF_HWPERF_CB));
    give(s, heap, &info->hKernelClearClipWAVDMStreamMemInfo, PAGE);
    give(s, heap, &info->hKernelClearClipWAIndexStreamMemInfo, PAGE);
    give(s, heap, &info->hKernelClearClipWAPDSMemInfo, PAGE);
    give(s, heap, &info->hKernelClearClipWAUSEMemInfo, PAGE);
    give(s, heap, &info->hKernelClearClipWAParamMemInfo, PAGE);
    give(s, heap, &info->hKernelClearClipWAPMPTMemInfo, PAGE);
    give(s, heap, &info->hKernelClearClipWATPCMemInfo, PAGE);
    give(s, heap, &info->hKernelClearClipWAPSGRgnHdrMemInfo, PAGE);
}

static void write_script(SGX_BRIDGE_INIT_INFO *info, uint32_t init_da)
{
    SGX_INIT_COMMAND *script = info->sScripts.asInitCommandsPart2;

    script[0].sWriteHWReg.eOp = SGX_INIT_OP_WRITE_HW_REG;
    script[0].sWriteHWReg.ui32Offset = HOST_ENABLE;
    script[0].sWriteHWReg.ui32Value = UK_EVENT;
    script[1].sWriteHWReg.eOp = SGX_INIT_OP_WRITE_HW_REG;
    script[1].sWriteHWReg.ui32Offset = CORE0 + UK_INIT_REGISTER;
    script[1].sWriteHWReg.ui32Value = init_da;
    script[2].eOp = SGX_INIT_OP_HALT;
    info->sScripts.asInitCommandsPart1[0].eOp = SGX_INIT_OP_HALT;
    info->sScripts.asDeinitCommands[0].eOp = SGX_INIT_OP_HALT;
}

static void answer(struct memory *init, uint32_t service, uint32_t by,
                   uint32_t da, uint32_t value)
{
    uint32_t n = init->word[UK_INIT_ANSWERS / 4]++;
    volatile uint32_t *word = &init->word[UK_INIT_ANSWER(n) / 4];

    word[UK_ANSWER_SERVICE / 4] = service;
    word[UK_ANSWER_BY / 4] = by;
    word[UK_ANSWER_DA / 4] = da;
    word[UK_ANSWER_VALUE / 4] = value;
}

/* What the driver waits for, and what it compares (SGXDevInitCompatCheck()). */
static void write_answers(struct memory *init, uint32_t host)
{
#define HOST(field) (host + offsetof(SGXMKIF_HOST_CTL, field))
    answer(init, 0, 0, HOST(ui32OpenCLDelayCount), WATCHDOG_ROUNDS);
    answer(init, 0, 0, HOST(ui32InitStatus), PVRSRV_USSE_EDM_INIT_COMPLETE);
    answer(init, UK_CLEANUP, 0, HOST(ui32CleanupStatus),
           PVRSRV_USSE_EDM_CLEANUPCMD_COMPLETE |
               PVRSRV_USSE_EDM_CLEANUPCMD_DONE);
    answer(init, UK_CLEANUP, 0, HOST(ui32OpenCLDelayCount), 0);
    answer(init, UK_POWER, 0, HOST(ui32PowerStatus),
           PVRSRV_USSE_EDM_POWMAN_IDLE_COMPLETE |
               PVRSRV_USSE_EDM_POWMAN_POWEROFF_COMPLETE |
               PVRSRV_USSE_EDM_POWMAN_NO_WORK);
    answer(init, SERVICE_QUEUES, 0, HOST(ui32PowerStatus),
           PVRSRV_USSE_EDM_POWMAN_NO_WORK);
    answer(init, SERVICE_MISC, UK_ANSWER_AT_DATA,
           offsetof(PVRSRV_SGX_MISCINFO_INFO, sSGXFeatures.ui32BuildOptions),
           SGX_BUILD_OPTIONS);
    answer(init, SERVICE_MISC, UK_ANSWER_AT_DATA,
           offsetof(PVRSRV_SGX_MISCINFO_INFO, ui32MiscInfoFlags),
           PVRSRV_USSE_MISCINFO_READY | PVRSRV_USSE_MISCINFO_GET_STRUCT_SIZES);
}

static void write_services(SGX_BRIDGE_INIT_INFO *info)
{
    info->aui32HostKickAddr[SGXMKIF_CMD_2D] = UK_RENDER;
    info->aui32HostKickAddr[SGXMKIF_CMD_POWER] = UK_POWER;
    info->aui32HostKickAddr[SGXMKIF_CMD_CLEANUP] = UK_CLEANUP;
    info->aui32HostKickAddr[SGXMKIF_CMD_GETMISCINFO] = SERVICE_MISC;
    info->aui32HostKickAddr[SGXMKIF_CMD_PROCESS_QUEUES] = SERVICE_QUEUES;
}

/* The block itself becomes the driver's as well: it outlives this process. */
static void give_microkernel(struct services *s, IMG_HANDLE heap,
                             SGX_BRIDGE_INIT_INFO *info)
{
    struct memory init = allocate(s, heap, PAGE, KERNEL_MEMORY);
    struct memory ring =
        allocate(s, heap, sizeof(PVRSRV_SGX_KERNEL_CCB), KERNEL_MEMORY);
    struct memory control =
        allocate(s, heap, sizeof(PVRSRV_SGX_CCB_CTL), KERNEL_MEMORY);
    struct memory host =
        allocate(s, heap, sizeof(SGXMKIF_HOST_CTL), KERNEL_MEMORY);
    struct memory misc =
        allocate(s, heap, sizeof(PVRSRV_SGX_MISCINFO_INFO), KERNEL_MEMORY);

    map_for_cpu(s, &init);
    memset((void *)init.word, 0, PAGE);
    init.word[UK_INIT_RING / 4] = ring.da;
    init.word[UK_INIT_CONTROL / 4] = control.da;
    write_answers(&init, host.da);
    write_script(info, init.da);
    write_services(info);

    info->asInitMemHandles[0] = init.info;
    info->hKernelCCBMemInfo = ring.info;
    info->hKernelCCBCtlMemInfo = control.info;
    info->hKernelSGXHostCtlMemInfo = host.info;
    info->hKernelSGXMiscMemInfo = misc.info;
}

static void finish(struct services *s)
{
    PVRSRV_BRIDGE_IN_INITSRV_DISCONNECT in = { .bInitSuccesful = IMG_TRUE };
    PVRSRV_BRIDGE_RETURN out;

    CALL(s, PVRSRV_BRIDGE_INITSRV_DISCONNECT, &in, &out);
    say("ok - " TEST);
}

void init_server(void)
{
    static PVRSRV_BRIDGE_IN_SGXDEVINITPART2 part2;
    static PVRSRV_BRIDGE_OUT_SGXINFO_FOR_SRVINIT info;
    PVRSRV_BRIDGE_OUT_SGXDEVINITPART2 done;
    PVRSRV_BRIDGE_IN_SGXINFO_FOR_SRVINIT ask;
    PVRSRV_BRIDGE_RETURN out;
    struct services s;
    IMG_HANDLE heap;

    services_open(&s, TEST);
    services_call(&s, PVRSRV_BRIDGE_INITSRV_CONNECT, NULL, 0, &out,
                  sizeof(out));
    services_device(&s);
    ask.hDevCookie = part2.hDevCookie = s.device;
    CALL(&s, PVRSRV_BRIDGE_SGXINFO_FOR_SRVINIT, &ask, &info);
    heap = find_heap(&s, info.sInitInfo.asHeapInfo, SGX_KERNEL_DATA_HEAP_ID);

    part2.sInitInfo.ui32ClientBuildOptions = SGX_BUILD_OPTIONS;
    give_microkernel(&s, heap, &part2.sInitInfo);
    give_others(&s, heap, &part2.sInitInfo);
    CALL(&s, PVRSRV_BRIDGE_SGX_DEVINITPART2, &part2, &done);
    finish(&s);
}
