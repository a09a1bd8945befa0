/* SPDX-License-Identifier: GPL-2.0-only */
/* Power, clocks and resets as hardware, by model/prcm.c. */
#include "fake.h"

static const struct prcm_page_config *page_of(unsigned int n)
{
    return &fake.prcm.model.config.page[n];
}

/* The page and the offset in it of what p would be mapped to. */
static bool find(const volatile void *p, unsigned int *page,
                 unsigned int *offset)
{
    const volatile uint8_t *byte = p;
    unsigned int i;

    for ( i = 0; i < fake.prcm.model.config.pages; i++ )
        if ( byte >= fake.prcm.window[i] &&
             byte < fake.prcm.window[i] + PRCM_PAGE )
        {
            *page = i;
            *offset = byte - fake.prcm.window[i];
            return true;
        }

    return false;
}

static bool fails(void)
{
    return fake.prcm.unmappable && !--fake.prcm.unmappable;
}

void __iomem *fake_prcm_map(paddr_t start)
{
    unsigned int i;

    for ( i = 0; i < fake.prcm.model.config.pages; i++ )
        if ( start - page_of(i)->addr < PRCM_PAGE )
        {
            if ( fails() )
                return NULL;
            fake.prcm.mapped++;
            fake.prcm.maps[i][(start - page_of(i)->addr) / 4]++;
            return fake.prcm.window[i] + (start - page_of(i)->addr);
        }

    return NULL;
}

void fake_prcm_unmap(void __iomem *va)
{
    unsigned int page, offset;

    assert_true(find(va, &page, &offset));
    assert_int_not_equal(fake.prcm.maps[page][offset / 4], 0);
    fake.prcm.maps[page][offset / 4]--;
    fake.prcm.mapped--;
}

static bool find_mapped(const volatile void *p, uint32_t *addr)
{
    unsigned int page, offset;

    if ( !find(p, &page, &offset) )
        return false;
    assert_int_not_equal(fake.prcm.maps[page][offset / 4], 0);
    *addr = page_of(page)->addr + offset;

    return true;
}

/* The address of a word that is accessed. */
static bool find_accessed(const volatile void *p, uint32_t *addr)
{
    bool found = find_mapped(p, addr);

    fake.prcm.accesses += found;

    return found;
}

uint32_t fake_prcm_address(const volatile void *p)
{
    uint32_t addr;

    assert_true(find_mapped(p, &addr));

    return addr;
}

bool fake_prcm_read(const volatile void *p, uint32_t *value)
{
    uint32_t addr;
    bool found = find_accessed(p, &addr);

    if ( found )
        *value = prcm_read(&fake.prcm.model, addr, 4);

    return found;
}

bool fake_prcm_write(volatile void *p, uint32_t value)
{
    uint32_t addr;
    bool found = find_accessed(p, &addr);

    if ( found )
        prcm_write(&fake.prcm.model, addr, 4, value);

    return found;
}

/* The MMUs that a unit switches. */
static void lost(void *ctx, unsigned int unit)
{
    fake_dsp_lost(unit);
    unsigned int i;

    for ( i = 0; i < fake.hws; i++ )
        if ( fake.hw[i].switched && fake.hw[i].unit == unit )
            mmu_reset(&fake.hw[i].model);
}

/* A core in reset waits for nothing. A DSP's EDMA goes on. */
static void core(void *ctx, unsigned int unit, unsigned int number, bool runs,
                 uint32_t boot)
{
    unsigned int i;

    for ( i = 0; i < fake.hws && !runs; i++ )
        if ( fake.hw[i].switched && fake.hw[i].unit == unit &&
             !fake_is_edma(&fake.hw[i]) )
            fake_reset_processor(&fake.hw[i]);
}

/* After fake_hardware(): those that a unit switches. */
void fake_prcm_start(const struct prcm_config *config)
{
    struct prcm_config c = *config;

    c.lost = lost;
    c.core = core;
    assert_null(prcm_check(&c));
    prcm_init(&fake.prcm.model, &c);
    prcm_reset(&fake.prcm.model);
}
