/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "guest_linux.h"

#define SZ_4K  0x1000u
#define SZ_64K 0x10000u
#define SZ_1M  0x100000u
#define SZ_16M 0x1000000u

static uint32_t rd(struct linux_iommu *l, unsigned int offset)
{
    return machine_reg_read(l->m, offset);
}

static void wr(struct linux_iommu *l, unsigned int offset, uint32_t value)
{
    machine_reg_write(l->m, offset, value);
}

static unsigned int nr_tlb_entries(const struct linux_iommu *l)
{
    return l->tlb_entries ? l->tlb_entries : l->m->options.tlb_entries;
}

/* __iotlb_read_cr */
static uint32_t read_cr(struct linux_iommu *l, unsigned int n, uint32_t *ram)
{
    uint32_t lock = rd(l, MMU_LOCK), cam;

    wr(l, MMU_LOCK, LOCK_MAKE(LOCK_BASE(lock), n));
    cam = rd(l, MMU_READ_CAM);
    *ram = rd(l, MMU_READ_RAM);

    return cam;
}

/* iotlb_load_cr */
static void load_cr(struct linux_iommu *l, uint32_t cam, uint32_t ram)
{
    wr(l, MMU_CAM, cam | CAM_V);
    wr(l, MMU_RAM, ram);
    wr(l, MMU_FLUSH_ENTRY, 1);
    wr(l, MMU_LD_TLB, 1);
}

void linux_flush_page(struct linux_iommu *l, uint32_t da)
{
    unsigned int i;

    for ( i = 0; i < nr_tlb_entries(l); i++ )
    {
        uint32_t ram, cam = read_cr(l, i, &ram);

        if ( !(cam & CAM_V) || ((cam ^ da) >> cam_page_shift(cam)) )
            continue;
        load_cr(l, cam, ram);
        wr(l, MMU_FLUSH_ENTRY, 1);
        break;
    }
}

void linux_flush_all(struct linux_iommu *l)
{
    wr(l, MMU_LOCK, 0);
    wr(l, MMU_GFLUSH, 1);
}

/* omap2_iommu_enable */
static void enable(struct linux_iommu *l)
{
    uint32_t cntl;

    rd(l, MMU_REVISION);
    wr(l, MMU_TTB, l->root);
    if ( l->bus_err_back )
        wr(l, MMU_GP_REG, GP_REG_BUS_ERR_BACK_EN);
    cntl = rd(l, MMU_CNTL);
    wr(l, MMU_IRQENABLE, IRQ_WALKER_ON);
    wr(l, MMU_CNTL, (cntl & ~0xeu) | CNTL_MMUENABLE | CNTL_TWLENABLE);
}

static void disable(struct linux_iommu *l)
{
    wr(l, MMU_CNTL, rd(l, MMU_CNTL) & ~0xeu);
}

void linux_attach(struct linux_iommu *l)
{
    enable(l);
    linux_flush_all(l);
}

void linux_suspend(struct linux_iommu *l)
{
    unsigned int i;

    l->nr_saved = LOCK_BASE(rd(l, MMU_LOCK));
    for ( i = 0; i < l->nr_saved; i++ )
        l->saved[i].cam = read_cr(l, i, &l->saved[i].ram);
    disable(l);
}

void linux_resume(struct linux_iommu *l)
{
    unsigned int i;

    for ( i = 0; i < l->nr_saved; i++ )
    {
        wr(l, MMU_LOCK, LOCK_MAKE(l->nr_saved, i));
        load_cr(l, l->saved[i].cam, l->saved[i].ram);
    }
    if ( l->nr_saved )
        wr(l, MMU_LOCK, LOCK_MAKE(l->nr_saved, l->nr_saved));
    enable(l);
}

/* Tables */

static uint32_t first_word(const struct linux_iommu *l, uint32_t da)
{
    return l->root + (da >> 20) * 4;
}

static uint32_t second_word(struct linux_iommu *l, uint32_t da)
{
    return (machine_word_read(l->m, first_word(l, da)) & ~0x3ffu) +
           (da >> 12 & 0xff) * 4;
}

static void write_words(struct linux_iommu *l, uint32_t ipa, uint32_t value,
                        unsigned int count)
{
    unsigned int i;

    for ( i = 0; i < count; i++ )
        machine_word_write(l->m, ipa + i * 4, value);
}

/* iopte_alloc: any word that is not zero is taken for a table's. */
static void need_l2(struct linux_iommu *l, uint32_t da)
{
    uint32_t table;

    if ( machine_word_read(l->m, first_word(l, da)) || !l->l2_free )
        return;

    table = l->l2[--l->l2_free];
    write_words(l, table, 0, PT_PAGES);
    machine_word_write(l->m, first_word(l, da), table | 1);
}

/* Linux frees the second level first, and clears the first level's word then.
 */
static void free_l2(struct linux_iommu *l, uint32_t da)
{
    uint32_t table = machine_word_read(l->m, first_word(l, da)) & ~0x3ffu;
    unsigned int i;

    for ( i = 0; i < PT_PAGES; i++ )
        if ( machine_word_read(l->m, table + i * 4) )
            return;

    if ( l->l2_free < LINUX_L2_TABLES )
        l->l2[l->l2_free++] = table;
    machine_word_write(l->m, first_word(l, da), 0);
}

void linux_map(struct linux_iommu *l, uint32_t da, uint32_t ipa, uint32_t bytes)
{
    linux_flush_page(l, da);

    switch ( bytes )
    {
    case SZ_16M:
        write_words(l, first_word(l, da), ipa | 2 | 1 << 18, 16);
        break;
    case SZ_1M:
        write_words(l, first_word(l, da), ipa | 2, 1);
        break;
    case SZ_64K:
        need_l2(l, da);
        write_words(l, second_word(l, da), ipa | 1, 16);
        break;
    default:
        need_l2(l, da);
        write_words(l, second_word(l, da), ipa | 2, 1);
    }
}

/* iopgtable_clear_entry_core */
static void clear_words(struct linux_iommu *l, uint32_t da)
{
    uint32_t word = machine_word_read(l->m, first_word(l, da));

    if ( (word & 3) == 1 )
    {
        bool large = (machine_word_read(l->m, second_word(l, da)) & 3) == 1;

        if ( large )
            write_words(l, second_word(l, da & ~(SZ_64K - 1)), 0, 16);
        else
            write_words(l, second_word(l, da), 0, 1);
        free_l2(l, da);
    }
    else if ( word & (1 << 18) )
        write_words(l, first_word(l, da & ~(SZ_16M - 1)), 0, 16);
    else
        write_words(l, first_word(l, da), 0, 1);
}

void linux_unmap(struct linux_iommu *l, uint32_t da)
{
    clear_words(l, da);
    linux_flush_page(l, da);
}

void linux_detach(struct linux_iommu *l)
{
    unsigned int slot;

    for ( slot = 0; slot < PT_SLOTS; slot++ )
    {
        uint32_t word = machine_word_read(l->m, l->root + slot * 4);

        if ( (word & 3) == 1 && l->l2_free < LINUX_L2_TABLES )
            l->l2[l->l2_free++] = word & ~0x3ffu;
        if ( word )
            machine_word_write(l->m, l->root + slot * 4, 0);
    }
    linux_flush_all(l);
    disable(l);
}

bool linux_fault(struct linux_iommu *l,
                 bool (*fix)(struct linux_iommu *l, uint32_t da))
{
    uint32_t status = rd(l, MMU_IRQSTATUS), da;

    if ( !status )
        return false;

    da = rd(l, MMU_FAULT_AD);
    wr(l, MMU_IRQSTATUS, status);
    if ( fix && fix(l, da) )
        return true;

    wr(l, MMU_IRQENABLE, 0);

    return false;
}

void linux_init(struct linux_iommu *l, struct machine *m, uint32_t ipa,
                bool bus_err_back)
{
    unsigned int i;

    memset(l, 0, sizeof(*l));
    l->m = m;
    l->root = ipa;
    l->bus_err_back = bus_err_back;
    l->l2_free = LINUX_L2_TABLES;
    for ( i = 0; i < LINUX_L2_TABLES; i++ )
        l->l2[i] = ipa + PT_ROOT_BYTES + (LINUX_L2_TABLES - 1 - i) * 1024;
}
