/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words of a processor: found where TI's tree has them, or refused; changed with
 * care for others' bits. xen/prcm.c and xen/prcm_tree.c on the fake of Xen, with
 * model/prcm.c as hardware. The trees are those of Linux 6.12's omap5-uevm.dtb and
 * am57xx-beagle-x15.dtb, their addresses translated; the words are known from TI's
 * headers, as Linux has them (prm54xx.h, cm1_54xx.h, prm7xx.h, cm1_7xx.h, ...).
 */
#include <xen/errno.h>

#include "nodes.h"

#define FILL 0xa5c3965au

/* The processors of two SoCs. */
enum {
    IPU,
    DSP,
    OMAP5_UNITS
};
enum {
    IPU1,
    IPU2,
    DSP1,
    DSP2,
    DRA7_UNITS
};

/* One, as the tree has it, and as the hardware is. */
struct processor {
    const char *name;
    unsigned int prm; /* its reset controller's offset in the PRM */
    paddr_t clkctrl;
    uint32_t bootreg[2]; /* offset, shift; 0: none */
    unsigned int cores;
    struct prcm_unit_config unit;
};

struct soc {
    const char *prm, *prm_inst;
    paddr_t prm_size;
    struct processor processor[DRA7_UNITS];
    unsigned int processors;
    uint32_t page[6];
};

static const struct soc omap5 = {
    .prm = "ti,omap5-prm",
    .prm_inst = "ti,omap5-prm-inst",
    .prm_size = 0x2000,
    .processor = {
        [IPU] = { "/ocp/ipu", 0x700, 0x4a008920, {}, 2,
                  { .word = { 0x4ae06910, 0x4ae06914, 0, 0, 0x4a008900,
                              0x4a008920 },
                    .cores = 3, .mmu = 4 } },
        [DSP] = { "/ocp/dsp", 0x400, 0x4a004420, { 0x304, 0 }, 1,
                  { .word = { 0x4ae06410, 0x4ae06414, 0x4ae06400, 0x4ae06404,
                              0x4a004400, 0x4a004420 },
                    .cores = 1, .mmu = 2, .boot = 0x4a002304 } },
    },
    .processors = OMAP5_UNITS,
    .page = { 0x4ae06000, 0x4a008000, 0x4a004000, 0x4a002000 },
};

static const struct soc dra7 = {
    .prm = "ti,dra7-prm",
    .prm_inst = "ti,dra7-prm-inst",
    .prm_size = 0x3000,
    .processor = {
        [IPU1] = { "/ocp/ipu1", 0x500, 0x4a005520, {}, 2,
                   { .word = { 0x4ae06510, 0x4ae06514, 0x4ae06500, 0x4ae06504,
                               0x4a005500, 0x4a005520 },
                     .cores = 3, .mmu = 4 } },
        [IPU2] = { "/ocp/ipu2", 0x700, 0x4a008920, {}, 2,
                   { .word = { 0x4ae06910, 0x4ae06914, 0, 0, 0x4a008900,
                               0x4a008920 },
                     .cores = 3, .mmu = 4 } },
        [DSP1] = { "/ocp/dsp1", 0x400, 0x4a005420, { 0x55c, 10 }, 1,
                   { .word = { 0x4ae06410, 0x4ae06414, 0x4ae06400, 0x4ae06404,
                               0x4a005400, 0x4a005420 },
                     .cores = 1, .mmu = 2, .boot = 0x4a00255c,
                     .boot_shift = 10, .emu = 0x4ae07a00 } },
        [DSP2] = { "/ocp/dsp2", 0x1b00, 0x4a005620, { 0x560, 10 }, 1,
                   { .word = { 0x4ae07b10, 0x4ae07b14, 0x4ae07b00, 0x4ae07b04,
                               0x4a005600, 0x4a005620 },
                     .cores = 1, .mmu = 2, .boot = 0x4a002560,
                     .boot_shift = 10, .emu = 0x4ae07a00 } },
    },
    .processors = DRA7_UNITS,
    .page = { 0x4ae06000, 0x4ae07000, 0x4a005000, 0x4a008000, 0x4a002000 },
};

/* The tree; and what was read of it. */
static struct dt_device_node prm, scm, stranger;
static struct node_set {
    struct dt_device_node inst, cm, clkctrl, np, module, mmu;
    struct dt_phandle_args resets[4], mmu_resets[3], clocks[3];
    uint8_t bootreg[16];
    struct omap_processor *processor; /* on the heap, as if of a probed MMU */
    struct omap_mmu probed;
} nodes[DRA7_UNITS];
static const struct soc *soc;

static void lay_out_resets(struct node_set *t, const struct processor *p)
{
    unsigned int i;

    for ( i = 0; i < p->cores; i++ )
        t->resets[i] = names_one(&t->inst, i, 1);
    t->mmu_resets[0] = names_one(&t->inst, p->cores, 1);
    t->np.resets = t->resets;
    t->module.resets = t->mmu_resets;
}

static void lay_out_processor(struct node_set *t, const struct processor *p)
{
    *t = (struct node_set){ .np = { .full_name = p->name } };
    t->inst = reg_node("/prm/inst", soc->prm_inst, &prm, prm.base + p->prm,
                       p->prm == 0x1b00 ? 0x40 : 0x100);
    t->inst.also = "ti,omap-prm-inst";
    t->cm = reg_node("/cm", "ti,omap4-cm", NULL, p->clkctrl - 0x20, 0x100);
    t->clkctrl = reg_node("/cm/clk", "ti,clkctrl", &t->cm, p->clkctrl, 4);
    t->module.compatible = "ti,sysc-omap2";
    t->module.also = "ti,sysc";
    t->mmu.parent = &t->module;
    lay_out_resets(t, p);
    t->clocks[0] = names_one(&t->clkctrl, 0, 2);
    t->np.clocks = t->clocks;
    if ( p->bootreg[0] )
    {
        put_cell(t->bootreg + 4, p->bootreg[0]);
        put_cell(t->bootreg + 8, p->bootreg[1]);
        t->np.bootreg = (struct fake_cells){ t->bootreg, 12 };
        t->np.scm = &scm;
    }
}

static void lay_out(const struct soc *which)
{
    struct prcm_config config = { .units = which->processors };
    unsigned int i;

    fake_start();
    soc = which;
    prm = reg_node("/prm", soc->prm, NULL, 0x4ae06000, soc->prm_size);
    scm = reg_node("/scm", "syscon", NULL, 0x4a002000, 0x800);
    stranger = reg_node("/reset", "snps,dw-high-reset", NULL, 0xe000000, 4);
    for ( i = 0; i < soc->processors; i++ )
    {
        lay_out_processor(&nodes[i], &soc->processor[i]);
        config.unit[i] = soc->processor[i].unit;
    }
    for ( i = 0; soc->page[i]; i++ )
        config.page[config.pages++] =
            (struct prcm_page_config){ soc->page[i], FILL };
    fake_prcm_start(&config);
}

static int an_omap5(void **state)
{
    (void)state;
    lay_out(&omap5);

    return 0;
}

static int a_dra7(void **state)
{
    (void)state;
    lay_out(&dra7);

    return 0;
}

/* After every test no other bit of a word has changed. */
static int teardown(void **state)
{
    unsigned int i;

    (void)state;
    for ( i = 0; i < soc->processors; i++ )
        xfree(nodes[i].processor);
    omap_mmus.next = omap_mmus.prev = &omap_mmus;
    fake_end();
    assert_int_equal(fake.prcm.model.foreign_changes, 0);

    return 0;
}

static struct omap_prcm *prcm_of(unsigned int unit)
{
    return &nodes[unit].processor->prcm;
}

/* NULL, or what is wrong. */
static const char *init(unsigned int unit)
{
    struct node_set *t = &nodes[unit];

    if ( !t->processor )
        t->processor = xzalloc(struct omap_processor);

    return omap_prcm_init(&t->processor->prcm, &t->np, &t->mmu);
}

static void assert_good(const char *wrong)
{
    if ( wrong )
        fail_msg("%s", wrong);
}

/* Its MMU is in the list, and it is found by those who come next. */
static void probe(unsigned int unit)
{
    struct node_set *t = &nodes[unit];

    list_add_tail(&t->probed.list, &omap_mmus);
    assert_good(init(unit));
    t->probed.processor = t->processor;
}

/* The error has these words, and says what to do. */
static void assert_wrong(const char *wrong, const char *words)
{
    const char *remedy;

    assert_non_null(wrong);
    if ( !strstr(wrong, words) )
        fail_msg("\"%s\" has no \"%s\"", wrong, words);
    remedy = strstr(wrong, " (");
    assert_non_null(remedy);
    assert_true(strlen(remedy) > 10);
    assert_int_equal(wrong[strlen(wrong) - 1], ')');
}

static void assert_refused(unsigned int unit, const char *words)
{
    unsigned int mapped = fake.prcm.mapped;

    assert_wrong(init(unit), words);
    assert_int_equal(fake.prcm.mapped, mapped);
}

/* Where they are */

static void assert_words(unsigned int unit)
{
    const struct prcm_unit_config *c = &soc->processor[unit].unit;
    const struct omap_prcm *p = prcm_of(unit);
    unsigned int i;

    for ( i = 0; i < POWER_WORDS; i++ )
        if ( c->word[i] )
            assert_int_equal(fake_prcm_address(p->word[i]), c->word[i]);
        else
            assert_null(p->word[i]);
    if ( c->boot )
        assert_int_equal(fake_prcm_address(p->boot), c->boot);
    else
        assert_null(p->boot);
}

static void assert_bits(unsigned int unit)
{
    const struct prcm_unit_config *c = &soc->processor[unit].unit;
    const struct omap_prcm *p = prcm_of(unit);
    unsigned int i;

    assert_int_equal(p->power.cores, c->cores);
    assert_int_equal(p->power.mmu, c->mmu);
    assert_int_equal(p->power.switched, c->word[PRCM_PWRSTCTRL] != 0);
    assert_int_equal(p->cores, soc->processor[unit].cores);
    for ( i = 0; i < p->cores; i++ )
        assert_int_equal(p->core[i], 1u << i);
    assert_int_equal(p->boot_bits, c->boot ? ~0x3ffu >> c->boot_shift : 0);
}

/* The hardware takes these words for this unit's. */
static void assert_starts(unsigned int unit)
{
    struct omap_prcm *p = prcm_of(unit);
    struct prcm *model = &fake.prcm.model;
    unsigned int i;

    assert_null(power_off(&p->power));
    assert_false(prcm_mmu_answers(model, unit));
    assert_null(power_on(&p->power));
    assert_true(prcm_mmu_answers(model, unit));
    for ( i = 0; i < p->cores; i++ )
    {
        assert_false(prcm_core_runs(model, unit, i));
        assert_null(power_start(&p->power, p->core[i]));
        assert_true(prcm_core_runs(model, unit, i));
    }
    assert_null(power_off(&p->power));
    assert_false(prcm_core_runs(model, unit, 0));
    assert_false(prcm_mmu_answers(model, unit));
}

/* All of them, beside each other. */
static void all_processors(void **state)
{
    unsigned int i;

    (void)state;
    for ( i = 0; i < soc->processors; i++ )
    {
        assert_true(omap_prcm_resets(&nodes[i].np));
        probe(i);
        assert_words(i);
        assert_bits(i);
        assert_starts(i);
    }
}

/* A boot loader may have turned them on, or nobody. */
static void no_word_is_accessed(void **state)
{
    (void)state;
    probe(DSP);
    assert_int_equal(fake.prcm.accesses, 0);
}

/* The order of `resets` is that of the cores. */
static void cores_in_the_trees_order(void **state)
{
    (void)state;
    nodes[IPU].resets[0].args[0] = 1;
    nodes[IPU].resets[1].args[0] = 0;
    probe(IPU);
    assert_int_equal(prcm_of(IPU)->core[0], 2);
    assert_int_equal(prcm_of(IPU)->core[1], 1);
    assert_int_equal(prcm_of(IPU)->power.cores, 3);
}

/* As a bare MMU has it; then the module's is of no interest. */
static void reset_of_the_mmus_own_node(void **state)
{
    (void)state;
    nodes[DSP].mmu.resets = nodes[DSP].mmu_resets;
    nodes[DSP].module.resets = nodes[IPU].mmu_resets;
    probe(DSP);
    assert_int_equal(prcm_of(DSP)->power.mmu, 2);
}

static void mmu_without_parent(void **state)
{
    (void)state;
    nodes[DSP].mmu.parent = NULL;
    assert_refused(DSP, "neither its MMU's node nor the one around");
    nodes[DSP].mmu.resets = nodes[DSP].mmu_resets;
    probe(DSP);
}

/* The offset of a clock counts, in its controller. */
static void clock_that_is_not_the_first(void **state)
{
    (void)state;
    nodes[DSP].clkctrl.base -= 8;
    nodes[DSP].clkctrl.size = 12;
    nodes[DSP].clocks[0].args[0] = 8;
    probe(DSP);
    assert_words(DSP);
}

static void resets_of_others(void **state)
{
    struct dt_device_node np = { .full_name = "/ocp/other" };
    struct dt_phandle_args resets[3] = { names_one(&stranger, 0, 1) };

    (void)state;
    assert_false(omap_prcm_resets(&np));
    np.resets = resets;
    assert_false(omap_prcm_resets(&np));

    /* Such as resets of a controller that is disabled, and of TI's. */
    resets[1] = names_one(&nodes[DSP].inst, 0, 1);
    assert_true(omap_prcm_resets(&np));
    resets[0].args_count = -ENOENT;
    assert_true(omap_prcm_resets(&np));
    resets[1] = names_one(&stranger, 0, 1);
    assert_false(omap_prcm_resets(&np));
    resets[1].args_count = -EINVAL;
    assert_true(omap_prcm_resets(&np));
}

/* Refusals */

static void wrong_resets(void **state)
{
    struct dt_phandle_args *resets = nodes[IPU].resets;
    static const char not_prms[] = "one of its resets is not of TI's PRM";

    (void)state;
    resets[2] = names_one(&nodes[IPU].inst, 2, 1);
    assert_refused(IPU, "more than two resets");
    resets[2].np = NULL;

    resets[1] = names_one(&stranger, 1, 1);
    assert_refused(IPU, not_prms);
    resets[1] = names_one(&nodes[IPU].inst, 1, 2);
    assert_refused(IPU, not_prms);
    resets[1] = names_one(&nodes[IPU].inst, 32, 1);
    assert_refused(IPU, not_prms);
    resets[1].args_count = -ENOENT;
    assert_refused(IPU, not_prms);
    resets[1].args_count = -EINVAL;
    assert_refused(IPU, "its resets cannot be read");

    resets[1] = names_one(&nodes[IPU].inst, 0, 1);
    assert_refused(IPU, "or one is named twice");
    resets[1] = names_one(&nodes[DSP].inst, 1, 1);
    assert_refused(IPU, "of two controllers");
    resets[0].np = NULL;
    assert_refused(IPU, "its resets cannot be read");
    nodes[IPU].np.resets = NULL;
    assert_refused(IPU, "its resets cannot be read");
}

static void controllers_that_are_not_known(void **state)
{
    static const char unknown[] = "not one of those that this driver knows";

    (void)state;
    nodes[DSP].inst.base = prm.base + 0x300;
    assert_refused(DSP, unknown);
    nodes[DSP].inst.base = prm.base + 0x500; /* DRA7's IPU1 */
    assert_refused(DSP, unknown);
    nodes[DSP].inst.base = prm.base + 0x400;
    nodes[DSP].inst.compatible = "ti,omap4-prm-inst";
    assert_refused(DSP, unknown);
}

static void controllers_without_reg(void **state)
{
    static const char none[] = "or the PRM around that has no reg";

    (void)state;
    nodes[DSP].inst.has_reg = false;
    assert_refused(DSP, none);
    nodes[DSP].inst.has_reg = true;
    prm.has_reg = false;
    assert_refused(DSP, none);
    nodes[DSP].inst.parent = NULL;
    assert_refused(DSP, none);
}

/* RSTST is the last of the PRM's that are of interest, PWRSTST of the part's. */
static void words_of_the_prm_beyond_its_reg(void **state)
{
    static const char beyond[] = "its reset controller lies beyond";

    (void)state;
    prm.size = 0x917;
    assert_refused(IPU, beyond);
    prm.size = 0x913;
    assert_refused(IPU, beyond);
    prm.size = 0x918;
    nodes[DSP].inst.size = 7;
    assert_refused(DSP, beyond);
    nodes[DSP].inst.size = 8;
    assert_good(init(IPU));
    assert_good(init(DSP));
}

/* Xen has 40 bits of address, a word has 4 bytes. */
static void addresses_that_are_none(void **state)
{
    struct dt_device_node *cm = &nodes[DSP].cm;
    static const char beyond[] = "or that or the node around it has no reg";

    (void)state;
    cm->base = (1ull << 40) - 2;
    assert_refused(DSP, beyond);
    cm->base = 1ull << 40;
    assert_refused(DSP, beyond);
    cm->base = 0x4a004402;
    assert_refused(DSP, beyond);
    cm->base = 0x4a004400;
    cm->size = 3;
    assert_refused(DSP, beyond);

    /* A sum that wraps. */
    cm->size = 0x100;
    nodes[DSP].clkctrl.base = -(paddr_t)0x1000;
    nodes[DSP].clkctrl.size = 0x10000;
    nodes[DSP].clocks[0].args[0] = 0x2000;
    assert_refused(DSP, beyond);
}

static void wrong_mmu_resets(void **state)
{
    struct dt_phandle_args *reset = nodes[DSP].mmu_resets;
    static const char none[] = "neither its MMU's node nor the one around";
    static const char elsewhere[] = "is not beside those of its cores";

    (void)state;
    reset[0] = names_one(&nodes[IPU].inst, 1, 1);
    assert_refused(DSP, elsewhere);
    reset[0] = names_one(&stranger, 1, 1);
    assert_refused(DSP, elsewhere);
    reset[0] = names_one(&nodes[DSP].inst, 0, 1); /* the core's */
    assert_refused(DSP, elsewhere);
    reset[0] = names_one(&nodes[DSP].inst, 1, 0);
    assert_refused(DSP, elsewhere);

    reset[0] = names_one(&nodes[DSP].inst, 1, 1);
    reset[1] = names_one(&nodes[DSP].inst, 0, 1);
    assert_refused(DSP, none);
    reset[1].np = NULL;
    reset[0].args_count = -ENOENT;
    assert_refused(DSP, none);
    reset[0].args_count = -EINVAL;
    assert_refused(DSP, none);
    reset[0].np = NULL;
    assert_refused(DSP, none);
    nodes[DSP].module.resets = NULL;
    assert_refused(DSP, none);
}

/* Whatever is around the MMU: its reset is not the MMU's. */
static void reset_of_another_parent(void **state)
{
    (void)state;
    nodes[DSP].module.also = "simple-bus";
    assert_refused(DSP, "neither its MMU's node nor the one around");
}

static void wrong_clocks(void **state)
{
    struct dt_phandle_args *clock = nodes[DSP].clocks;
    static const char none[] =
        "its first clock is not of a ti,clkctrl, or it has two";

    (void)state;
    clock[1] = clock[0];
    assert_refused(DSP, none);
    clock[1].np = NULL;
    clock[0].args_count = 0;
    assert_refused(DSP, none);
    clock[0].args_count = -ENOENT;
    assert_refused(DSP, none);
    clock[0] = names_one(&stranger, 0, 2);
    assert_refused(DSP, none);
    clock[0].np = NULL;
    assert_refused(DSP, none);
    nodes[DSP].np.clocks = NULL;
    assert_refused(DSP, none);
}

static void clock_controllers_elsewhere(void **state)
{
    (void)state;
    nodes[DSP].cm.compatible = "simple-bus";
    assert_refused(
        DSP, "the node around its clock's ti,clkctrl is not a ti,omap4-cm");
    nodes[DSP].clkctrl.parent = NULL;
    assert_refused(DSP, "or that or the node around it has no reg");
}

static void clocks_beyond_their_controller(void **state)
{
    static const char beyond[] = "its clock lies beyond the ti,clkctrl";

    (void)state;
    nodes[DSP].clocks[0].args[0] = 4;
    assert_refused(DSP, beyond);
    nodes[DSP].clkctrl.size = 7;
    assert_refused(DSP, beyond);
    nodes[DSP].clkctrl.size = 8;
    nodes[DSP].clocks[0].args[0] = 2;
    assert_refused(DSP, beyond);
    nodes[DSP].clocks[0].args[0] = 0;
    nodes[DSP].clkctrl.has_reg = false;
    assert_refused(DSP, beyond);
    nodes[DSP].clkctrl.has_reg = true;
    nodes[DSP].cm.has_reg = false;
    assert_refused(DSP, beyond);
}

static void wrong_bootregs(void **state)
{
    struct dt_device_node *np = &nodes[DSP].np;
    static const char not [] =
        "its ti,bootreg is not <a node with reg, offset, 0 or 10>";

    (void)state;
    np->bootreg.size = 8;
    assert_refused(DSP, not );
    np->bootreg.size = 16;
    assert_refused(DSP, not );
    np->bootreg.size = 12;
    put_cell(nodes[DSP].bootreg + 8, 9);
    assert_refused(DSP, not );
    put_cell(nodes[DSP].bootreg + 8, 11);
    assert_refused(DSP, not );
}

static void bootregs_that_lead_nowhere(void **state)
{
    struct dt_device_node *np = &nodes[DSP].np;
    static const char nowhere[] =
        "its ti,bootreg is not <a node with reg, offset, 0 or 10>";

    (void)state;
    put_cell(nodes[DSP].bootreg + 4, 0x302);
    assert_refused(DSP, nowhere);
    put_cell(nodes[DSP].bootreg + 4, 0x800);
    assert_refused(DSP, nowhere);
    put_cell(nodes[DSP].bootreg + 4, 0x304);
    scm.has_reg = false;
    assert_refused(DSP, nowhere);
    np->scm = NULL;
    assert_refused(DSP, nowhere);
}

/* Every word, and the boot register; and again, without a trace of before. */
static void words_that_cannot_be_mapped(void **state)
{
    unsigned int i;

    (void)state;
    for ( i = 1; i <= POWER_WORDS + 1; i++ )
    {
        fake.prcm.unmappable = i;
        assert_refused(DSP, "cannot be mapped");
        assert_int_equal(fake.prcm.unmappable, 0);
    }
    probe(DSP);
    assert_int_equal(fake.prcm.mapped, POWER_WORDS + 1);
    assert_words(DSP);
    assert_starts(DSP);
}

/* What is taken */

static const char taken[] =
    "another processor has the same reset or clock or boot register";

static void the_same_twice(void **state)
{
    unsigned int mapped;

    (void)state;
    probe(DSP);
    mapped = fake.prcm.mapped;
    nodes[DSP].processor = NULL;
    assert_refused(DSP, taken);
    assert_int_equal(fake.prcm.mapped, mapped);
    xfree(nodes[DSP].processor);
    nodes[DSP].processor = nodes[DSP].probed.processor;
}

/* Those that lay a word of the IPU's over the DSP's. */
static void take_resets(void)
{
    nodes[IPU].inst = nodes[DSP].inst;
    nodes[IPU].resets[1].np = NULL;
    nodes[IPU].mmu_resets[0].args[0] = 1;
}

static void take_clkctrl(void)
{
    nodes[IPU].clkctrl.base = nodes[DSP].clkctrl.base;
}

static void take_clkstctrl(void)
{
    nodes[IPU].cm.base = nodes[DSP].cm.base;
}

static void take_bootreg(void)
{
    nodes[IPU].np.bootreg = nodes[DSP].np.bootreg;
    nodes[IPU].np.scm = &scm;
}

/* A probed MMU that has no processor has none of these. */
/* The word is for both DSPs; nobody else's is touched. */
static void emulation_clock_of_two_dsps(void **state)
{
    uint32_t at = 0x4ae07a00;

    (void)state;
    assert_good(init(DSP1));
    assert_good(init(DSP2));
    assert_good(init(IPU1));
    omap_prcm_keep_awake(prcm_of(IPU1), true);
    assert_int_equal(prcm_read(&fake.prcm.model, at, 4), FILL | 3);
    omap_prcm_keep_awake(prcm_of(DSP1), true);
    omap_prcm_keep_awake(prcm_of(DSP2), true);
    omap_prcm_keep_awake(prcm_of(DSP2), true);
    omap_prcm_keep_awake(prcm_of(DSP1), false);
    assert_int_equal(prcm_read(&fake.prcm.model, at, 4), (FILL & ~3u) | 2);
    omap_prcm_keep_awake(prcm_of(DSP2), false);
    assert_int_equal(prcm_read(&fake.prcm.model, at, 4), (FILL & ~3u) | 3);

    /* A boot loader may have left it in another state. */
    prcm_write(&fake.prcm.model, at, 4, FILL & ~3u);
    omap_prcm_keep_awake(prcm_of(DSP2), true);
    omap_prcm_keep_awake(prcm_of(DSP1), true);
    assert_int_equal(prcm_read(&fake.prcm.model, at, 4), (FILL & ~3u) | 2);
    omap_prcm_keep_awake(prcm_of(DSP2), false);
    omap_prcm_keep_awake(prcm_of(DSP1), false);
    assert_int_equal(prcm_read(&fake.prcm.model, at, 4), FILL & ~3u);
}

static void words_of_another(void **state)
{
    static void (*const take[])(void) = { take_resets, take_clkctrl,
                                          take_clkstctrl, take_bootreg };
    static struct omap_mmu bare;
    unsigned int i;

    (void)state;
    list_add_tail(&bare.list, &omap_mmus);
    probe(DSP);
    for ( i = 0; i < ARRAY_SIZE(take); i++ )
    {
        xfree(nodes[IPU].processor);
        lay_out_processor(&nodes[IPU], &soc->processor[IPU]);
        take[i]();
        assert_refused(IPU, taken);
    }
}

/* No part of the table has lines for two processors: the other one is made up. */
static void other_bits_of_a_word(void **state)
{
    struct omap_prcm *other;

    (void)state;
    probe(IPU);
    other = prcm_of(IPU);
    other->at[POWER_RSTCTRL] = omap5.processor[DSP].unit.word[PRCM_RSTCTRL];
    other->power.cores = 8;
    other->power.mmu = 2;
    assert_refused(DSP, taken);
    other->power.mmu = 4;
    assert_good(init(DSP));
    other->power.cores = 1;
    assert_refused(DSP, taken);
}

/* Access */

static struct power *power_of(unsigned int unit)
{
    return &prcm_of(unit)->power;
}

static uint32_t peek(unsigned int unit, enum power_word word)
{
    return prcm_peek(&fake.prcm.model, soc->processor[unit].unit.word[word]);
}

static void words_that_are_not_there(void **state)
{
    struct power *p;

    (void)state;
    probe(IPU);
    p = power_of(IPU);
    assert_int_equal(p->ops->read(p, POWER_PWRSTST), 0);
    p->ops->write(p, POWER_PWRSTST, ~0u);
    p->ops->update(p, POWER_PWRSTCTRL, ~0u, ~0u);
    assert_int_equal(omap_prcm_read_boot(prcm_of(IPU)), 0);
    omap_prcm_write_boot(prcm_of(IPU), ~0u);
    assert_int_equal(fake.prcm.accesses, 0);
}

/* Somebody else's change, in the moment before the lock is taken. */
static void poke(spinlock_t *lock)
{
    prcm_poke(&fake.prcm.model, 0x4ae06410, ~FILL);
}

/* What the word holds when the lock is let go. */
static uint32_t at_unlock;
static unsigned int unlocks;

static void look(spinlock_t *lock)
{
    at_unlock = prcm_peek(&fake.prcm.model, 0x4ae06410);
    unlocks++;
}

static void changes_under_the_lock(void **state)
{
    struct power *p;

    (void)state;
    probe(DSP);
    p = power_of(DSP);
    assert_int_equal(peek(DSP, POWER_RSTCTRL) & 3, 3);
    unlocks = 0;
    fake.on_lock = poke;
    fake.on_unlock = look;
    p->ops->update(p, POWER_RSTCTRL, 2, 0);
    assert_int_equal(unlocks, 1);
    assert_int_equal(at_unlock, (~FILL & ~3u) | 1);
    assert_int_equal(peek(DSP, POWER_RSTCTRL), at_unlock);
}

/* No bit beyond the mask, whatever value is. */
static void changes_within_the_mask(void **state)
{
    struct power *p;

    (void)state;
    probe(DSP);
    p = power_of(DSP);
    p->ops->update(p, POWER_RSTCTRL, 2, ~2u);
    assert_int_equal(peek(DSP, POWER_RSTCTRL) & 3, 1);
    assert_int_equal(fake.prcm.model.foreign_changes, 0);
    assert_int_equal(p->ops->read(p, POWER_RSTCTRL), peek(DSP, POWER_RSTCTRL));
}

/* RSTST: a 1 clears. */
static void a_word_written_as_it_is(void **state)
{
    struct power *p;

    (void)state;
    probe(DSP);
    p = power_of(DSP);
    assert_null(power_on(p));
    assert_int_equal(peek(DSP, POWER_RSTST) & 3, 2);
    p->ops->write(p, POWER_RSTST, 1);
    assert_int_equal(peek(DSP, POWER_RSTST) & 3, 2);
    p->ops->write(p, POWER_RSTST, 2);
    assert_int_equal(peek(DSP, POWER_RSTST) & 3, 0);
}

static void boot_register(void **state)
{
    const struct soc *here = soc;
    unsigned int unit = here == &omap5 ? DSP : DSP1;
    uint32_t bits = here == &omap5 ? 0xfffffc00 : 0x3fffff;
    uint32_t addr = here->processor[unit].unit.boot;

    (void)state;
    probe(unit);
    unlocks = 0;
    fake.on_unlock = look;
    omap_prcm_write_boot(prcm_of(unit), 0x12345678);
    assert_int_equal(unlocks, 1);
    assert_int_equal(prcm_peek(&fake.prcm.model, addr),
                     (0x12345678 & bits) | (FILL & ~bits));
    assert_int_equal(omap_prcm_read_boot(prcm_of(unit)), 0x12345678 & bits);
}

#define OMAP5(f) cmocka_unit_test_setup_teardown(f, an_omap5, teardown)
#define DRA7(f) \
    { \
#f "_dra7", f, a_dra7, teardown, NULL \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        OMAP5(all_processors),
        DRA7(all_processors),
        OMAP5(no_word_is_accessed),
        OMAP5(cores_in_the_trees_order),
        OMAP5(reset_of_the_mmus_own_node),
        OMAP5(mmu_without_parent),
        OMAP5(clock_that_is_not_the_first),
        OMAP5(resets_of_others),
        OMAP5(wrong_resets),
        OMAP5(controllers_that_are_not_known),
        OMAP5(controllers_without_reg),
        OMAP5(words_of_the_prm_beyond_its_reg),
        OMAP5(addresses_that_are_none),
        OMAP5(wrong_mmu_resets),
        OMAP5(reset_of_another_parent),
        OMAP5(wrong_clocks),
        OMAP5(clock_controllers_elsewhere),
        OMAP5(clocks_beyond_their_controller),
        OMAP5(wrong_bootregs),
        OMAP5(bootregs_that_lead_nowhere),
        OMAP5(words_that_cannot_be_mapped),
        OMAP5(the_same_twice),
        DRA7(emulation_clock_of_two_dsps),
        OMAP5(words_of_another),
        OMAP5(other_bits_of_a_word),
        OMAP5(words_that_are_not_there),
        OMAP5(changes_under_the_lock),
        OMAP5(changes_within_the_mask),
        OMAP5(a_word_written_as_it_is),
        OMAP5(boot_register),
        DRA7(boot_register),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
