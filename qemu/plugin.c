/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A TCG plugin that instruments nothing: it adds devices to a stock
 * qemu-system-arm.
 *
 *  -plugin omap.so
 *  -device omap-mmu,id=ipu,addr=0x55082000,irq=200,bus-err-back=on
 *  -device omap-m4,addr=0x55020000,mmu=ipu,control=ctl,line=0,mailbox=mb,user=2
 *  -device omap-mmu,id=dsp,addr=0x4a066000,irq=201,trace=dsp.trace
 *  -device omap-rproc,addr=0x4a060000,mmu=dsp,control=ctl,line=1
 *  -device omap-control,id=ctl,addr=0x4a002000
 *  -device omap-mailbox,id=mb,addr=0x4a0f4000,irq=202
 *
 * Or, with the power, reset and clocks of OMAP5 instead of omap-control:
 *
 *  -device omap-prcm,id=prcm,addr=0x4af00000,trace=prcm.trace
 *  -device omap-prcm-page,prcm=prcm,addr=0x4ae06000
 *  -device omap-prcm-page,prcm=prcm,addr=0x4a008000
 *  -device omap-prcm-page,prcm=prcm,addr=0x4a004000
 *  -device omap-prcm-page,prcm=prcm,addr=0x4a002000
 *  -device omap-prcm-unit,id=ipu-unit,prcm=prcm,rstctrl=0x4ae06910,cores=3,
 *          mmu-reset=4,clkctrl=0x4a008920
 *  -device omap-mmu,id=ipu,addr=0x55082000,irq=200,bus-err-back=on,unit=ipu-unit
 *  -device omap-m4,addr=0x55020000,mmu=ipu,unit=ipu-unit,mailbox=mb,user=2
 *  -device omap-prcm-unit,id=dsp-unit,prcm=prcm,rstctrl=0x4ae06410,cores=1,
 *          mmu-reset=2,pwrstctrl=0x4ae06400,clkctrl=0x4a004420,boot=0x4a002304
 *  -device omap-mmu,id=dsp,addr=0x4a066000,irq=201,unit=dsp-unit
 *  -device omap-rproc,addr=0x4a060000,mmu=dsp,unit=dsp-unit
 *
 * Or DSP1 of DRA7, with two MMUs, and interrupts that are sources of the crossbar:
 *
 *  -device omap-prcm,id=prcm,addr=0x4af00000,trace=prcm.trace
 *  -device omap-prcm-page,prcm=prcm,addr=0x4ae06000
 *  -device omap-prcm-page,prcm=prcm,addr=0x4ae07000
 *  -device omap-prcm-page,prcm=prcm,addr=0x4a005000
 *  -device omap-prcm-page,prcm=prcm,addr=0x4a002000,xbar=xbar
 *  -device omap-crossbar,id=xbar,left=23:60+145:61
 *  -device omap-prcm-unit,id=dsp1,prcm=prcm,rstctrl=0x4ae06410,cores=1,mmu-reset=2,
 *          pwrstctrl=0x4ae06400,clkctrl=0x4a005420,boot=0x4a00255c,boot-shift=10,
 *          emu=0x4ae07a00,dreq=0x4a002cf8
 *  -device omap-mmu,id=mmu0,addr=0x40d01000,xbar=xbar,irq=23,bypass-regions=on,
 *          unit=dsp1
 *  -device omap-mmu,id=mmu1,addr=0x40d02000,xbar=xbar,irq=145,bypass-regions=on,
 *          unit=dsp1,port=1
 *  -device omap-dsp-system,id=system,addr=0x40d00000,unit=dsp1
 *  -device omap-edma,id=edma,addr=0x40d10000,unit=dsp1
 *  -device omap-edma-tc,edma=edma,addr=0x40d05000
 *  -device omap-edma-tc,edma=edma,addr=0x40d06000,tc=1
 *  -device omap-mailbox,addr=0x48840000,large=on,host-user=2,xbar=xbar,irq=251
 *  -device omap-rproc,addr=0x40d20000,mmu=mmu0,edma-mmu=mmu1,dsp-system=system,
 *          edma=edma,unit=dsp1
 *
 * In any order. The head of each device's file tells its properties; omap-m4
 * needs omap-m4.so in the plugin's folder.
 *
 * No device-tree nodes are added: give a tree with -dtb. Not migratable.
 */
#include <stdio.h>

#include "omap_control_dev.h"
#include "omap_crossbar_dev.h"
#include "omap_dsp_system_dev.h"
#include "omap_edma_dev.h"
#include "omap_m4_dev.h"
#include "omap_mailbox_dev.h"
#include "omap_mmu_dev.h"
#include "omap_prcm_dev.h"
#include "omap_prcm_page_dev.h"
#include "omap_prcm_unit_dev.h"
#include "omap_rproc_dev.h"
#include "omap_sgx_dev.h"

#define EXPORT __attribute__((visibility("default")))

static const struct device_kind *const kinds[] = {
    &omap_control_kind,    &omap_crossbar_kind,
    &omap_dsp_system_kind, &omap_edma_kind,
    &omap_edma_tc_kind,    &omap_m4_kind,
    &omap_mailbox_kind,    &omap_mmu_kind,
    &omap_prcm_kind,       &omap_prcm_page_kind,
    &omap_prcm_unit_kind,  &omap_rproc_kind,
    &omap_sgx_kind,        NULL,
};

EXPORT int qemu_plugin_version;

/* QEMU reads qemu_plugin_version after loading us, before installing us. */
static void __attribute__((constructor)) declare_version(void)
{
    qemu_plugin_version = qemu_abi_plugin_version();
}

static void machine_made(Notifier *notifier, void *data)
{
    (void)notifier;
    (void)data;
    devices_start();
}

/* Called by QEMU, before it makes the machine and its devices. */
EXPORT int qemu_plugin_install(uint64_t id, const void *info, int argc,
                               char **argv)
{
    static Notifier notifier = { .notify = machine_made };

    (void)id;
    (void)info;
    if ( argc )
    {
        fprintf(stderr,
                "omap: %s: the plugin has no arguments, "
                "its devices have (-device omap-mmu,...)\n",
                argv[0]);
        return -1;
    }

    if ( !qemu_abi_load() )
        return -1;

    devices_register(kinds);
    qemu.qemu_add_machine_init_done_notifier(&notifier);

    return 0;
}
