/* SPDX-License-Identifier: GPL-2.0-only */
#include "guest_hostile.h"

/* The slots that it uses: two groups at each end of the space. */
static unsigned int a_slot(struct hostile_guest *g)
{
    unsigned int slot = rng_below(&g->rng, 64);

    return slot < 32 ? slot : PT_SLOTS - 64 + slot;
}

uint32_t hostile_da(struct hostile_guest *g)
{
    return a_slot(g) << 20 | rng_below(&g->rng, 1u << 18) << 2;
}

/* An address in its memory, or nearly; sometimes anywhere. */
static uint32_t an_ipa(struct hostile_guest *g)
{
    if ( !rng_below(&g->rng, 8) )
        return rng_next(&g->rng);

    return g->ipa + rng_below(&g->rng, g->pages + 16) * PAGE_SIZE;
}

static uint32_t a_second_table(struct hostile_guest *g)
{
    return g->root + PT_ROOT_BYTES + rng_below(&g->rng, 32) * PT_TABLE_BYTES;
}

/* Of a first-level table; choice: 2 to 7. */
static uint32_t a_first_word(struct hostile_guest *g, unsigned int choice)
{
    switch ( choice )
    {
    case 2:
        return (an_ipa(g) & 0xfff00000) | 2;
    case 3:
        return (an_ipa(g) & 0xff000000) | 2 | 1 << 18;
    default:
        return a_second_table(g) | 1;
    }
}

/* Of a second-level table. */
static uint32_t a_second_word(struct hostile_guest *g, unsigned int choice)
{
    return choice < 4 ? (an_ipa(g) & 0xffff0000) | 1
                      : (an_ipa(g) & 0xfffff000) | 2;
}

/* One in four is zero or anything. */
static uint32_t a_word(struct hostile_guest *g,
                       uint32_t (*valid)(struct hostile_guest *g,
                                         unsigned int choice))
{
    unsigned int choice = rng_below(&g->rng, 8);

    if ( choice < 2 )
        return choice ? rng_next(&g->rng) : 0;

    return valid(g, choice);
}

/* count words of rising addresses, or all the same. */
static void write_words(struct hostile_guest *g, uint32_t ipa, uint32_t word,
                        unsigned int count, uint32_t rise)
{
    unsigned int i;

    for ( i = 0; i < count; i++ )
        machine_word_write(g->m, ipa + i * 4, word + i * rise);
}

void hostile_table_word(struct hostile_guest *g)
{
    uint32_t first = g->root + a_slot(g) * 4;
    uint32_t second = a_second_table(g) + rng_below(&g->rng, PT_PAGES) * 4;

    switch ( rng_below(&g->rng, 8) )
    {
    case 0:
    case 1:
        write_words(g, first, a_word(g, a_first_word), 1, 0);
        break;
    case 2:
        write_words(g, first & ~63u, (an_ipa(g) & 0xff000000) | 2 | 1 << 18, 16,
                    0);
        break;
    case 3:
        write_words(g, first & ~63u, (an_ipa(g) & 0xff000000) | 2, 16,
                    0x100000);
        break;
    case 4:
        write_words(g, second & ~63u, (an_ipa(g) & 0xffff0000) | 1, 16, 0);
        break;
    case 5:
        write_words(g, second & ~0x3ffu, (an_ipa(g) & 0xfff00000) | 2, PT_PAGES,
                    0x1000);
        break;
    default:
        write_words(g, second, a_word(g, a_second_word), 1, 0);
    }
}

/* Tables that are their own second level, or the first level's. */
void hostile_self_table(struct hostile_guest *g)
{
    uint32_t second = a_second_table(g);

    if ( rng_below(&g->rng, 2) )
        write_words(g, g->root + a_slot(g) * 4,
                    (g->root + rng_below(&g->rng, 16) * PT_TABLE_BYTES) | 1, 1,
                    0);
    else
        write_words(g, second + rng_below(&g->rng, PT_PAGES) * 4, second | 2, 1,
                    0);
}

void hostile_tlb_load(struct hostile_guest *g)
{
    uint32_t cam = (hostile_da(g) & CAM_VATAG) | rng_below(&g->rng, 16);

    machine_reg_write(g->m, MMU_LOCK, rng_next(&g->rng));
    machine_reg_write(g->m, MMU_CAM, cam);
    machine_reg_write(g->m, MMU_RAM, an_ipa(g) & RAM_PA);
    machine_reg_write(g->m,
                      rng_below(&g->rng, 4) ? MMU_LD_TLB : MMU_FLUSH_ENTRY, 1);
}

/* Values with a meaning, for registers in which most values have none. */
static uint32_t a_value(struct hostile_guest *g, unsigned int offset)
{
    switch ( offset )
    {
    case MMU_TTB:
        return rng_below(&g->rng, 4) ? g->root : an_ipa(g);
    case MMU_CNTL:
        return rng_below(&g->rng, 4) ? 6 : rng_next(&g->rng);
    default:
        return rng_next(&g->rng);
    }
}

void hostile_register(struct hostile_guest *g)
{
    unsigned int offset = rng_below(&g->rng, VMMU_WORDS) * 4;

    if ( g->m->options.bypassable && rng_below(&g->rng, 4) == 0 )
        machine_route(g->m, rng_below(&g->rng, 2));
    else if ( rng_below(&g->rng, 2) )
        machine_reg_read(g->m, offset);
    else
        machine_reg_write(g->m, offset, a_value(g, offset));
}

/* What the hardware would corrupt a register by. */
void hostile_odd_access(struct hostile_guest *g)
{
    unsigned int offset = rng_below(&g->rng, 0x108);
    unsigned int bytes = 1u << rng_below(&g->rng, 4);

    if ( rng_below(&g->rng, 2) )
        vmmu_read(&g->m->vmmu, offset, bytes);
    else if ( bytes != 4 || offset % 4 )
        vmmu_write(&g->m->vmmu, offset, bytes, rng_next(&g->rng));
}

void hostile_act(struct hostile_guest *g)
{
    switch ( rng_below(&g->rng, 16) )
    {
    case 0:
        hostile_register(g);
        break;
    case 1:
        hostile_odd_access(g);
        break;
    case 2:
        hostile_self_table(g);
        break;
    case 3:
        hostile_tlb_load(g);
        break;
    case 4:
        machine_reg_write(g->m, MMU_TTB, g->root);
        machine_reg_write(g->m, MMU_CNTL, 6);
        break;
    case 5:
        machine_reg_write(g->m, MMU_CAM, hostile_da(g));
        machine_reg_write(g->m, MMU_FLUSH_ENTRY, 1);
        break;
    case 6:
        machine_reg_write(g->m, MMU_GFLUSH, 1);
        break;
    default:
        hostile_table_word(g);
    }
}
