/* SPDX-License-Identifier: GPL-2.0-only */
/* The GPU's driver. Order and values of the registers: docs/gpu.md. */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>

#include "gpu.h"
#include "sgx_pt.h"
#include "sgx_regs.h"

#define AT(bank, reg) ((bank)*SGX_BANK_BYTES + (reg))

/* Registers that only the driver's order needs. */
#define CLKGATECTL    0x000
#define CLKGATECTL2   0x004
#define POWER         0x01c
#define SLC_CTRL      0xd00
#define SLC_BYPASS    0xd04
#define OCP_DEBUG     0xff08
#define OCP_NO_BYPASS 0x80000000

/* The mediator's: docs/gpu.md. */
#define MEDIATOR_DIR    0xff0
#define MEDIATOR_ROOT   0xff4
#define MEDIATOR_FORGET 1

/* The microkernel's structures, in pages one behind the other from UK_INIT_DA on. */
enum {
    INIT,
    RING,
    RING_END,
    CONTROL,
    RECORDS,
    KERNEL_PAGES = RECORDS + 8,
};
#define KERNEL_DA(page) (UK_INIT_DA + (page)*SZ_4K)
#define RECORD_BYTES    (8 * SZ_4K / GPU_RECORDS)

static struct {
    struct platform_device *pdev;
    void __iomem *regs;
    int irq;
    unsigned int events;

    struct gpu_context kernel;
    struct gpu_page shared; /* table */
    struct gpu_page page[KERNEL_PAGES];
    struct gpu_page scratch;
    u32 cache_control; /* for the next command */
    u32 fault_da;
} gpu;

u32 gpu_read(u32 offset)
{
    return readl(gpu.regs + offset);
}

void gpu_write(u32 offset, u32 value)
{
    writel(value, gpu.regs + offset);
}

struct gpu_context *gpu_kernel(void)
{
    return &gpu.kernel;
}

struct gpu_page *gpu_scratch(void)
{
    return &gpu.scratch;
}

u32 gpu_init_block(unsigned int offset)
{
    return READ_ONCE(gpu.page[INIT].words[offset / 4]);
}

unsigned int gpu_events(void)
{
    return READ_ONCE(gpu.events);
}

u32 gpu_fault_da(void)
{
    return gpu.fault_da;
}

/*
 * Memory
 */

int gpu_page_alloc(struct gpu_page *page)
{
    page->words =
        dma_alloc_coherent(&gpu.pdev->dev, SZ_4K, &page->ipa, GFP_KERNEL);

    return page->words ? 0 : -ENOMEM;
}

void gpu_page_free(struct gpu_page *page)
{
    if ( page->words )
        dma_free_coherent(&gpu.pdev->dev, SZ_4K, page->words, page->ipa);
    page->words = NULL;
}

/* The index-th of the context's tables, linked as one of pages of that size. */
static int link_table(struct gpu_context *c, unsigned int index, u32 size)
{
    u32 *word = &c->dir.words[(c->first >> PT_SLOT_SHIFT) + index];
    u32 link;

    if ( index >= GPU_TABLES ||
         (!c->table[index].words && gpu_page_alloc(&c->table[index])) )
        return -ENOMEM;

    link = c->table[index].ipa | size << 1 | SGX_PT_VALID;
    if ( *word != link )
    {
        *word = link;
        gpu_directories_changed();
    }

    return 0;
}

static u32 *word_of(struct gpu_context *c, u32 da, unsigned int size)
{
    u32 index = (da - c->first) / GPU_TABLE_BYTES;

    return &c->table[index]
                .words[(da & (GPU_TABLE_BYTES - 1)) >> (12 + 2 * size)];
}

u32 *gpu_table_word(struct gpu_context *c, u32 da)
{
    return word_of(c, da, 0);
}

void gpu_directories_changed(void)
{
    gpu.cache_control |= UK_INVAL_PD;
}

int gpu_map(struct gpu_context *c, u32 da, u32 ipa, u32 len, unsigned int size)
{
    u32 bytes = SZ_4K << 2 * size, done;

    for ( done = 0; done < len; done += bytes )
    {
        if ( link_table(c, (da + done - c->first) / GPU_TABLE_BYTES, size) )
            return -ENOMEM;
        *word_of(c, da + done, size) = (ipa + done) | SGX_PT_VALID;
    }
    gpu.cache_control |= UK_INVAL_PT;

    return 0;
}

void gpu_unmap(struct gpu_context *c, u32 da, u32 len)
{
    u32 done;

    for ( done = 0; done < len; done += SZ_4K )
        *gpu_table_word(c, da + done) = 0;
    gpu.cache_control |= UK_INVAL_PT;
}

void gpu_map_shared(u32 da, u32 ipa)
{
    gpu.shared.words[(da - SHARED_DA) / SZ_4K] = ipa ? ipa | SGX_PT_VALID : 0;
    gpu.cache_control |= UK_INVAL_PT;
}

/*
 * Contexts
 */

/* DIR reads as 0 where there is no mediator. */
u32 gpu_root_of(u32 dir)
{
    gpu_write(MEDIATOR_DIR, dir);

    return gpu_read(MEDIATOR_DIR) == dir ? gpu_read(MEDIATOR_ROOT) : dir;
}

void gpu_forget(u32 dir)
{
    gpu_write(MEDIATOR_DIR, dir | MEDIATOR_FORGET);
}

bool gpu_is_mediated(void)
{
    gpu_forget(0);

    return gpu_read(MEDIATOR_DIR) == MEDIATOR_FORGET;
}

static int space_init(struct gpu_context *c, u32 first)
{
    memset(c, 0, sizeof(*c));
    c->first = first;

    return gpu_page_alloc(&c->dir);
}

static void space_free(struct gpu_context *c)
{
    unsigned int i;

    for ( i = 0; i < GPU_TABLES; i++ )
        gpu_page_free(&c->table[i]);
    gpu_page_free(&c->dir);
}

int context_init(struct gpu_context *c)
{
    int rc = space_init(c, DA);

    if ( rc )
        return rc;

    c->dir.words[SHARED_DA >> PT_SLOT_SHIFT] = gpu.shared.ipa | SGX_PT_VALID;
    gpu_directories_changed();

    c->root = gpu_root_of(c->dir.ipa);
    if ( c->root )
        return 0;

    space_free(c);
    return -ENOSPC;
}

void context_free(struct gpu_context *c)
{
    if ( c->dir.words )
        gpu_forget(c->dir.ipa);
    space_free(c);
}

static int kernel_init(void)
{
    int rc = space_init(&gpu.kernel, UK_INIT_DA);
    unsigned int i;

    rc = rc ?: gpu_page_alloc(&gpu.shared);
    rc = rc ?: gpu_page_alloc(&gpu.scratch);
    for ( i = 0; i < KERNEL_PAGES && !rc; i++ )
    {
        rc = gpu_page_alloc(&gpu.page[i]);
        /* The ring's two pages need not be neighbours in memory. */
        rc =
            rc ?: gpu_map(&gpu.kernel, KERNEL_DA(i), gpu.page[i].ipa, SZ_4K, 0);
    }
    rc = rc ?: gpu_map(&gpu.kernel, GPU_SCRATCH_DA, gpu.scratch.ipa, SZ_4K, 0);
    if ( rc )
        return rc;

    gpu.kernel.dir.words[SHARED_DA >> PT_SLOT_SHIFT] =
        gpu.shared.ipa | SGX_PT_VALID;
    return 0;
}

static void kernel_free(void)
{
    unsigned int i;

    space_free(&gpu.kernel);
    gpu_page_free(&gpu.shared);
    gpu_page_free(&gpu.scratch);
    for ( i = 0; i < KERNEL_PAGES; i++ )
        gpu_page_free(&gpu.page[i]);
}

/*
 * Start
 */

static void reset_master(u32 soft_reset)
{
    gpu_write(AT(SGX_MASTER, SGX_SOFT_RESET), soft_reset);
    gpu_write(AT(SGX_MASTER, SGX_BIF_CTRL), 0);
    gpu_write(AT(SGX_MASTER, SLC_CTRL), 0x4c000);
    gpu_write(AT(SGX_MASTER, SLC_BYPASS), 0x04000000);
    gpu_write(AT(SGX_MASTER, SGX_SOFT_RESET), 0);
}

static void clear_bifs(void)
{
    unsigned int n;

    gpu_write(CLKGATECTL, 0);
    gpu_write(CLKGATECTL2, 0);
    gpu_write(SGX_BIF_CTRL, 0);
    gpu_write(SGX_BIF_BANK_SET, 0);
    gpu_write(SGX_BIF_BANK0, 0);
    for ( n = 0; n < SGX_BASES; n++ )
        gpu_write(sgx_base_offset(SGX_BROADCAST, n), 0);
}

void gpu_reset(u32 soft_reset)
{
    reset_master(soft_reset);
    clear_bifs();
}

/* In `offset` of a page that the microkernel writes. */
static u32 *kernel_word(unsigned int page, u32 offset)
{
    return &gpu.page[page].words[offset / 4];
}

int gpu_start(u32 soft_reset)
{
    unsigned long limit = jiffies + PATIENCE;

    gpu_reset(soft_reset);
    memset(gpu.page[INIT].words, 0, SZ_4K);
    memset(gpu.page[CONTROL].words, 0, SZ_4K);
    *kernel_word(INIT, UK_INIT_RING) = KERNEL_DA(RING);
    *kernel_word(INIT, UK_INIT_CONTROL) = KERNEL_DA(CONTROL);
    wmb();

    gpu_write(SGX_BIF_BANK0, SGX_BASE_EDM);
    gpu_write(sgx_base_offset(SGX_BROADCAST, SGX_BASE_EDM), gpu.kernel.dir.ipa);
    gpu_write(POWER, 0);
    gpu_write(SGX_EVENT_HOST_ENABLE, UK_EVENT);
    gpu_write(AT(SGX_CORE0, SGX_EVENT_KICK2), 1);
    while ( gpu_init_block(UK_INIT_STATUS) != UK_STARTED )
    {
        if ( time_after(jiffies, limit) )
            return -ETIMEDOUT;
        usleep_range(100, 200);
    }

    return 0;
}

/*
 * Commands
 */

void gpu_command(u32 service, const u32 *data)
{
    u32 write = *kernel_word(CONTROL, UK_CONTROL_WRITE);
    u32 at = write * UK_COMMAND_BYTES;
    u32 *command = kernel_word(RING + at / SZ_4K, at % SZ_4K);

    command[UK_SERVICE / 4] = service;
    command[UK_CACHE_CONTROL / 4] = gpu.cache_control;
    memcpy(&command[UK_DATA(0) / 4], data, 6 * sizeof(*data));
    gpu.cache_control = 0;
    wmb();

    WRITE_ONCE(*kernel_word(CONTROL, UK_CONTROL_WRITE),
               (write + 1) % UK_COMMANDS);
    wmb();
    gpu_write(AT(SGX_CORE0, SGX_EVENT_KICK), 1);
}

void gpu_submit(unsigned int slot, u32 root, const struct gpu_job *jobs,
                unsigned int n)
{
    u32 at = slot * RECORD_BYTES;
    u32 *record = kernel_word(RECORDS + at / SZ_4K, at % SZ_4K);
    u32 data[6] = { 0, KERNEL_DA(RECORDS) + at };

    record[UK_RECORD_ROOT / 4] = root;
    record[UK_RECORD_JOBS / 4] = n;
    record[UK_RECORD_DONE / 4] = 0;
    memcpy(&record[UK_RECORD_JOB(0) / 4], jobs, n * sizeof(*jobs));
    gpu_command(UK_RENDER, data);
}

unsigned int gpu_waiting(void)
{
    u32 read = READ_ONCE(*kernel_word(CONTROL, UK_CONTROL_READ));

    return (*kernel_word(CONTROL, UK_CONTROL_WRITE) - read) % UK_COMMANDS;
}

static bool has_faulted(void)
{
    unsigned int bank;

    for ( bank = SGX_MASTER; bank < SGX_BANKS; bank++ )
        if ( gpu_read(AT(bank, SGX_BIF_INT_STAT)) & SGX_INT_FAULT_REQ )
        {
            gpu.fault_da = gpu_read(AT(bank, SGX_BIF_FAULT)) & SGX_FAULT_ADDR;
            return true;
        }

    return false;
}

int gpu_wait(void)
{
    unsigned long limit = jiffies + PATIENCE;
    unsigned int before = UK_COMMANDS, now;

    while ( (now = gpu_waiting()) )
    {
        if ( has_faulted() )
            return -EFAULT;
        if ( now != before )
            limit = jiffies + PATIENCE;
        if ( time_after(jiffies, limit) )
            return -ETIMEDOUT;
        before = now;
        usleep_range(100, 200);
    }

    return 0;
}

int gpu_draw(const struct gpu_context *c, const struct gpu_job *jobs,
             unsigned int n)
{
    gpu_submit(0, c->root, jobs, n);

    return gpu_wait();
}

/*
 * The device
 */

static irqreturn_t on_interrupt(int irq, void *unused)
{
    u32 status = gpu_read(SGX_EVENT_STATUS) & gpu_read(SGX_EVENT_HOST_ENABLE);

    if ( !status )
        return IRQ_NONE;

    WRITE_ONCE(gpu.events, gpu.events + 1);
    gpu_write(SGX_EVENT_HOST_CLEAR, status);
    gpu_write(SGX_EVENT_HOST_CLEAR2, 0);

    return IRQ_HANDLED;
}

static int probe(struct platform_device *pdev)
{
    gpu.pdev = pdev;
    gpu.regs = devm_platform_ioremap_resource(pdev, 0);
    if ( IS_ERR(gpu.regs) )
        return PTR_ERR(gpu.regs);
    gpu.irq = platform_get_irq(pdev, 0);

    return gpu.irq < 0 ? gpu.irq : 0;
}

static const struct of_device_id matches[] = {
    { .compatible = "ti,omap5432-gpu" },
    { .compatible = "ti,am5728-gpu" },
    { .compatible = "ti,dra7-sgx544" },
    {}
};

static struct platform_driver driver = {
    .driver = { .name = "gpu_test", .of_match_table = matches },
};

/* Bound before this returns, or not at all. */
int gpu_find(void)
{
    int rc = platform_driver_probe(&driver, probe);

    if ( rc )
        return rc;

    gpu_write(OCP_DEBUG, OCP_NO_BYPASS);
    rc = kernel_init();
    rc = rc ?: request_irq(gpu.irq, on_interrupt, 0, "gpu_test", &gpu);
    if ( rc )
    {
        kernel_free();
        platform_driver_unregister(&driver);
    }

    return rc;
}

void gpu_put(void)
{
    gpu_write(AT(SGX_MASTER, SGX_SOFT_RESET), GPU_RECOVERY_RESET);
    free_irq(gpu.irq, &gpu);
    kernel_free();
    platform_driver_unregister(&driver);
}
