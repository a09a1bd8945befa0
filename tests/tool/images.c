/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * RAM images for omap-mmu, of guests by chance, and what the oracle makes of each page:
 * images <seed> <folder>.
 *
 * In the folder: <address>.ram, pieces of the guest's RAM; regs, tlb and pagetable, as
 * Linux's debugfs has them; answers, 8 bytes for each page of the 4 GiB (struct answer).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "guest_hostile.h"
#include "guest_linux.h"

#define RAM_IPA     0x80000000u
#define RAM_PAGES   0x1000u
#define TABLES_IPA  0x86000000u
#define TABLE_PAGES 0x50u
#define NO_RAM      0x70000000u
#define ACTS        600u

struct answer {
    uint32_t ipa;
    uint8_t shift;
    uint8_t fault; /* bits of IRQSTATUS */
    uint16_t zero;
};

static const char *folder;

static FILE *create(const char *name)
{
    char path[4096];
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    f = fopen(path, "wb");
    if ( !f )
    {
        perror(path);
        exit(1);
    }

    return f;
}

/* The guest */

static void map_by_linux(struct linux_iommu *l, struct rng *rng, uint32_t da)
{
    static const uint32_t sizes[] = { 0x1000,   0x1000,   0x10000, 0x10000,
                                      0x100000, 0x100000, 0x100000 };
    uint32_t bytes = rng_below(rng, 20) ? sizes[rng_below(rng, 7)] : 0x1000000;
    uint32_t ipa = RAM_IPA + rng_below(rng, RAM_PAGES) * PAGE_SIZE;

    linux_map(l, da & ~(bytes - 1), ipa & ~(bytes - 1), bytes);
}

static void act(struct hostile_guest *bad, struct linux_iommu *l)
{
    switch ( rng_below(&bad->rng, 8) )
    {
    case 0:
        hostile_self_table(bad);
        break;
    case 1:
    case 2:
        hostile_table_word(bad);
        break;
    case 3:
        linux_unmap(l, hostile_da(bad));
        break;
    default:
        map_by_linux(l, &bad->rng, hostile_da(bad));
    }
}

/* Of four kinds: with TLB entries as well; with these alone; with the MMU off. */
static void leave_registers(struct hostile_guest *bad, uint64_t seed)
{
    static const uint32_t cntl[] = { CNTL_MMUENABLE | CNTL_TWLENABLE,
                                     CNTL_MMUENABLE | CNTL_TWLENABLE,
                                     CNTL_MMUENABLE, 0 };
    unsigned int i;

    for ( i = 0; seed % 4 && i < 40; i++ )
        hostile_tlb_load(bad);
    machine_reg_write(bad->m, MMU_TTB, bad->root);
    machine_reg_write(bad->m, MMU_CNTL, cntl[seed % 4]);
}

static struct machine *live(uint64_t seed)
{
    static struct linux_iommu l;
    struct machine *m = machine_new(&(struct machine_options){ .seed = seed });
    struct hostile_guest bad = {
        .m = m,
        .rng.state = seed,
        .root = TABLES_IPA,
        .ipa = RAM_IPA,
        .pages = RAM_PAGES,
    };
    unsigned int i;

    machine_populate(m, RAM_IPA, RAM_PAGES, 16);
    machine_populate(m, TABLES_IPA, TABLE_PAGES, 1);
    machine_assign(m);
    linux_init(&l, m, TABLES_IPA, false);
    linux_attach(&l);
    for ( i = 0; i < ACTS; i++ )
        act(&bad, &l);
    if ( seed % 4 )
        machine_word_write(m, TABLES_IPA + 0x800 * 4, NO_RAM | 1);
    leave_registers(&bad, seed);

    return m;
}

/* The files */

static void write_piece(const struct machine *m, uint32_t ipa,
                        unsigned int pages)
{
    char name[16];
    FILE *f;

    snprintf(name, sizeof(name), "%08x.ram", ipa);
    f = create(name);
    for ( ; pages; pages--, ipa += PAGE_SIZE )
        fwrite(memory_ipa_word(&m->mem, ipa), PAGE_SIZE, 1, f);
    fclose(f);
}

static void write_regs(struct machine *m)
{
    FILE *f = create("regs");

#define R(name, offset, reset, writable, kind) \
    fprintf(f, "%20s: %08x\n", #name, machine_reg_read(m, offset));
    OMAP_MMU_REGISTERS(R)
#undef R
    fclose(f);
}

static void write_tlb(const struct machine *m)
{
    const struct oracle_mmu *mmu = &m->oracle.mmu;
    FILE *f = create("tlb");
    unsigned int i;

    fprintf(f, "%8s %8s\n", "cam:", "ram:");
    fputs("-----------------------------------------\n", f);
    for ( i = 0; i < m->oracle.tlb_entries; i++ )
        if ( mmu->cam[i] & CAM_V )
            fprintf(f, "%08x %08x %01x\n", mmu->cam[i], mmu->ram[i],
                    !!(mmu->cam[i] & CAM_P));
    fclose(f);
}

/* A word with both bits set: Linux follows it, hardware does not. */
static void write_second(const struct machine *m, FILE *f, uint32_t first,
                         uint32_t da)
{
    const uint32_t *word;
    unsigned int j;

    for ( j = 0; (first & 3) == 1 && j < 256; j++, da += PAGE_SIZE )
    {
        word = memory_ipa_word(&m->mem, (first & ~0x3ffu) + j * 4);
        if ( word && *word )
            fprintf(f, "2: 0x%08x 0x%08x\n", da, *word);
    }
}

static void write_pagetable(const struct machine *m)
{
    FILE *f = create("pagetable");
    unsigned int i;

    fprintf(f, "L: %8s %8s\n", "da:", "pte:");
    fputs("--------------------------\n", f);
    for ( i = 0; i < 4096; i++ )
    {
        uint32_t first = *memory_ipa_word(&m->mem, TABLES_IPA + i * 4);

        if ( first & 1 )
            write_second(m, f, first, i << 20);
        else if ( first )
            fprintf(f, "1: 0x%08x 0x%08x\n", i << 20, first);
    }
    fclose(f);
}

static void write_answers(const struct machine *m)
{
    FILE *f = create("answers");
    uint64_t da;

    for ( da = 0; da < 1ull << 32; da += PAGE_SIZE )
    {
        struct oracle_answer a = oracle_now(&m->oracle, (uint32_t)da);
        struct answer answer = {
            .ipa = a.fault ? 0 : a.ipa,
            .shift = a.fault ? 0 : (uint8_t)a.shift,
            .fault = (uint8_t)a.fault,
        };

        fwrite(&answer, sizeof(answer), 1, f);
    }
    fclose(f);
}

int main(int argc, char **argv)
{
    struct machine *m;

    if ( argc != 3 )
    {
        fputs("images <seed> <folder>\n", stderr);
        return 1;
    }

    folder = argv[2];
    m = live(strtoull(argv[1], NULL, 0));
    write_piece(m, RAM_IPA, RAM_PAGES);
    write_piece(m, TABLES_IPA, TABLE_PAGES);
    write_regs(m);
    write_tlb(m);
    write_pagetable(m);
    write_answers(m);
    machine_free(m);

    return 0;
}
