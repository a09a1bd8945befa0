/* SPDX-License-Identifier: GPL-2.0-only */
/* The MMUs as hardware, by model/mmu.c, and the processors behind them. */
#include "fake.h"

/* The processor */

/* Isolation, for each access that ends. */
static void reach(struct fake_hw *hw, uint32_t pa)
{
    const struct page_info *page = mfn_to_page(maddr_to_mfn(pa));

    if ( !hw->open )
    {
        assert_non_null(hw->allowed);
        assert_ptr_equal(page->owner, hw->allowed);
        assert_true(page->references);
    }
    hw->pa = pa;
    hw->reached++;
}

static void try(struct fake_hw *hw)
{
    uint32_t pa = 0;

    hw->retry = 0;
    switch ( mmu_translate(&hw->model, hw->da, false, &pa) )
    {
    case MMU_STALL:
        return;
    case MMU_OK:
        reach(hw, pa);
        break;
    case MMU_BUS_ERROR:
        hw->bus_errors++;
        break;
    }
    hw->waits = false;
}

static void retry(struct fake_hw *hw)
{
    if ( hw->waits && hw->retry && fake.now >= hw->retry )
        try(hw);
}

/* Processors go on meanwhile. */
void fake_pass(s_time_t time)
{
    unsigned int i;

    fake.now += time;
    for ( i = 0; i < fake.hws; i++ )
        retry(&fake.hw[i]);
}

/* Registers */

static struct fake_hw *hw_mapped_at(const volatile void *p,
                                    unsigned int *offset)
{
    const volatile uint8_t *byte = p;
    unsigned int i;

    for ( i = 0; i < fake.hws; i++ )
    {
        struct fake_hw *hw = &fake.hw[i];

        if ( byte < hw->window || byte >= hw->window + PAGE_SIZE )
            continue;
        *offset = byte - hw->window - (hw->base & ~PAGE_MASK);
        assert_true(*offset < OMAP_MMU_WINDOW);
        return hw;
    }
    fail_msg("no register at %p", (const void *)p);

    return NULL;
}

void __iomem *fake_mmu_map(paddr_t start)
{
    unsigned int i;

    for ( i = 0; i < fake.hws; i++ )
        if ( fake.hw[i].base == start )
            return fake.hw[i].window + (start & ~PAGE_MASK);

    return NULL;
}

/* Xen would panic. */
static void abort_access(const struct fake_hw *hw, unsigned int offset)
{
    fail_msg("register %#x of the MMU at %#lx was accessed, which is off",
             offset, (unsigned long)hw->base);
}

static struct fake_hw *access(const volatile void *p, unsigned int *offset)
{
    struct fake_hw *hw = hw_mapped_at(p, offset);

    fake_hook(fake.on_register);
    fake_pass(fake.register_time);

    return hw;
}

uint32_t fake_mmu_read(const volatile void *p)
{
    unsigned int offset;
    struct fake_hw *hw = access(p, &offset);

    if ( hw->switched && !prcm_mmu_read(&fake.prcm.model, hw->unit, offset) )
        abort_access(hw, offset);

    return hw->silent ? 0 : mmu_reg_read(&hw->model, offset, 4);
}

void fake_mmu_write(volatile void *p, uint32_t value)
{
    unsigned int offset;
    struct fake_hw *hw = access(p, &offset);

    if ( hw->switched &&
         !prcm_mmu_write(&fake.prcm.model, hw->unit, offset, 4, value) )
        abort_access(hw, offset);
    if ( !hw->silent )
        mmu_reg_write(&hw->model, offset, 4, value);
}

/* What is done to it */

bool fake_access(struct fake_hw *hw, uint32_t da)
{
    if ( hw->waits )
        return false;
    hw->waits = true;
    hw->da = da;
    try(hw);

    return !hw->waits;
}

void fake_reset_processor(struct fake_hw *hw)
{
    hw->waits = false;
    hw->retry = 0;
    mmu_cancel(&hw->model);
}

/* What the model asks for */

/* A walker that does not snoop, in memory that the driver has of the heap. */
static bool walk_read(void *ctx, uint32_t pa, uint32_t *value)
{
    const struct fake_block *block = fake_block_at(pa);

    assert_non_null(block);
    assert_non_null(block->by_walker);
    memcpy(value, block->by_walker + (pa - mfn_to_maddr(_mfn(block->mfn))),
           sizeof(*value));

    return true;
}

static void line_changed(void *ctx, bool level)
{
    struct fake_hw *hw = ctx;

    if ( level )
        fake_deliver(hw->irq);
}

static void resumed(void *ctx)
{
    struct fake_hw *hw = ctx;

    if ( !hw->waits )
        return;
    hw->retry = fake.now + hw->slowness;
    retry(hw);
}

struct fake_hw *fake_hardware(paddr_t base, unsigned int irq, bool bus_err_back)
{
    struct fake_hw *hw = &fake.hw[fake.hws++];
    const struct mmu_config config = {
        .tlb_entries = MMU_MAX_TLB_ENTRIES,
        .bus_err_back = bus_err_back,
        .revision = 0x20,
        .ctx = hw,
        .read32 = walk_read,
        .irq = line_changed,
        .resume = resumed,
    };

    assert_in_range(fake.hws, 1, FAKE_MMUS);
    hw->base = base;
    hw->irq = irq;
    mmu_init(&hw->model, &config);

    return hw;
}
