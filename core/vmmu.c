/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "hw.h"
#include "vmmu.h"

enum reg_kind {
    UNKNOWN,
    RO,
    RW,
    W1C,
    CMD,
};

/* The register table of omap_mmu.h, by word of the window. */
static const struct reg {
    const char *name;
    uint32_t reset, writable;
    enum reg_kind kind;
} regs[VMMU_WORDS] = {
#define R(name, offset, reset, writable, kind) \
    [(offset) / 4] = { #name, (reset), (writable), (kind) },
    OMAP_MMU_REGISTERS(R)
#undef R
};

static uint32_t *reg(struct vmmu *v, enum omap_mmu_offset offset)
{
    return &v->reg[offset / 4];
}

const char *vmmu_register_name(unsigned int offset)
{
    return offset < OMAP_MMU_WINDOW ? regs[offset / 4].name : NULL;
}

static void lock(struct vmmu *v)
{
    v->host->ops->lock(v->host);
}

static void unlock(struct vmmu *v)
{
    v->host->ops->unlock(v->host);
}

/* The guest's faults */

static void update_irq(struct vmmu *v)
{
    bool level = *reg(v, MMU_IRQSTATUS) & *reg(v, MMU_IRQENABLE);

    v->host->ops->set_irq(v->host, level);
}

/* For interrupt context, where no lock is taken. */
static void set_interrupted(struct vmmu *v, bool interrupted)
{
    __atomic_store_n(&v->interrupted, interrupted, __ATOMIC_RELAXED);
}

/*
 * Lets the line through. Not while a fault waits for its turn: else each access of
 * the guest's would make an interrupt, which nobody's share of time pays for.
 */
static void unmask(struct vmmu *v)
{
    if ( !__atomic_load_n(&v->interrupted, __ATOMIC_RELAXED) )
        hw_unmask(v->host);
}

/* Lets the stalled requester retry. */
static void release_requester(struct vmmu *v)
{
    v->state = VMMU_RUNNING;
    hw_acknowledge(v->host);
    unmask(v);
}

/*
 * A stall without a fault that the guest could acknowledge, its MMU being off:
 * whatever may make the access possible lets the requester try again.
 */
static void release_silent(struct vmmu *v)
{
    if ( v->state == VMMU_STALLED && !v->stall )
        release_requester(v);
}

static void mode_changed(struct vmmu *v)
{
    shadow_park(&v->shadow);
    release_silent(v);
}

static void show_fault(struct vmmu *v, da_t da, uint32_t irq)
{
    *reg(v, MMU_IRQSTATUS) |= irq;
    *reg(v, MMU_FAULT_AD) = (uint32_t)da.v;
    if ( v->config.window > MMU_FAULT_STATUS )
    {
        *reg(v, MMU_FAULT_PC) = v->host->ops->reg_read(v->host, MMU_FAULT_PC);
        *reg(v, MMU_FAULT_STATUS) =
            v->host->ops->reg_read(v->host, MMU_FAULT_STATUS);
    }
    v->count.faults_raised++;
    update_irq(v);
}

/* Raises a fault that the guest's own MMU would raise. */
static void raise_fault(struct vmmu *v, da_t da, uint32_t irq)
{
    bool bus_error = v->config.bus_err_back;

    if ( *reg(v, MMU_CNTL) & CNTL_MMUENABLE )
    {
        show_fault(v, da, irq);
        bus_error &= *reg(v, MMU_GP_REG) & GP_REG_BUS_ERR_BACK_EN;
    }
    else
    {
        irq = 0;
        v->count.faults_silent++;
    }

    if ( bus_error )
    {
        v->state = VMMU_RUNNING;
        hw_answer_bus_error(v->host);
        unmask(v);
    }
    else
    {
        v->state = VMMU_STALLED;
        v->stall = irq;
        v->stall_da = da;
    }
}

/* The guest's TLB entries */

static struct guest_tlb_entry *victim(struct vmmu *v)
{
    return &v->tlb[LOCK_VICTIM(*reg(v, MMU_LOCK)) % v->config.tlb_entries];
}

static bool entry_covers(uint32_t cam, uint32_t da)
{
    return (cam & CAM_V) && !(((cam ^ da) & CAM_VATAG) >> cam_page_shift(cam));
}

static void load_entry(struct vmmu *v)
{
    struct guest_tlb_entry *entry = victim(v);

    entry->cam = *reg(v, MMU_CAM);
    entry->ram = *reg(v, MMU_RAM);
    mode_changed(v);

    /* A TLB miss ends as soon as a matching entry is there [T]. */
    if ( v->state == VMMU_STALLED && (v->stall & IRQ_TLBMISS) &&
         entry_covers(entry->cam, *reg(v, MMU_FAULT_AD)) )
        release_requester(v);
}

static void flush_all(struct vmmu *v)
{
    unsigned int i;

    for ( i = 0; i < v->config.tlb_entries; i++ )
        if ( !(v->tlb[i].cam & CAM_P) )
            v->tlb[i].cam &= ~CAM_V;
    shadow_park(&v->shadow);
}

/* Drops the entry that translates the address in CAM, preserved or not. */
static void flush_entry(struct vmmu *v)
{
    uint32_t da = *reg(v, MMU_CAM) & CAM_VATAG;
    unsigned int i;

    for ( i = 0; i < v->config.tlb_entries; i++ )
        if ( entry_covers(v->tlb[i].cam, da) )
            v->tlb[i].cam &= ~CAM_V;
    shadow_hide(&v->shadow, _da(da));
}

/*
 * Entries that the walker would have loaded are not shown: the answer is that
 * there is none. The guest may build on that; Linux then flushes nothing.
 */
static uint32_t read_cam(struct vmmu *v)
{
    shadow_park(&v->shadow);

    return victim(v)->cam;
}

/* Registers */

static void reset_registers(struct vmmu *v)
{
    unsigned int i;

    for ( i = 0; i < VMMU_WORDS; i++ )
        v->reg[i] = regs[i].reset;
    *reg(v, MMU_REVISION) = v->config.revision;
    memset(v->tlb, 0, sizeof(v->tlb));
}

/* No fault outlives a reset, be it stalled, being served, or not yet seen. One that
 * waits for the guest's first write to CNTL goes on to do so. */
static void soft_reset(struct vmmu *v)
{
    reset_registers(v);
    update_irq(v);
    shadow_park(&v->shadow);
    if ( v->state != VMMU_UNTOUCHED )
        release_requester(v);
}

/* Writing a fault's bit back releases its requester [T]. */
static void acknowledge(struct vmmu *v, uint32_t bits)
{
    update_irq(v);
    release_silent(v);
    if ( v->state == VMMU_STALLED && (v->stall & bits) )
        release_requester(v);
}

/*
 * A guest driver that resumes after its MMU lost power writes CNTL last: the
 * hardware may have lost its registers too, so they are all written again. And
 * a stall may have lost its requester to a reset that is not seen here. Were it
 * kept, no fault would be served again; released, a requester that is still
 * there faults once more.
 */
static void control(struct vmmu *v)
{
    shadow_park(&v->shadow);
    hw_arm(v->host, shadow_root(&v->shadow), v->config.bus_err_back);
    if ( v->state == VMMU_UNTOUCHED )
        v->state = VMMU_RUNNING;
    if ( v->state == VMMU_STALLED )
        release_requester(v);
    else if ( v->state == VMMU_RUNNING )
        unmask(v);
}

/* What a write does beyond storing its value. */
static void side_effect(struct vmmu *v, unsigned int offset, uint32_t value)
{
    switch ( offset )
    {
    case MMU_SYSCONFIG:
        if ( *reg(v, MMU_SYSCONFIG) & SYSCONFIG_SOFTRESET )
            soft_reset(v);
        break;
    case MMU_IRQSTATUS:
        acknowledge(v, value);
        break;
    case MMU_IRQENABLE:
        update_irq(v);
        break;
    case MMU_CNTL:
        control(v);
        break;
    case MMU_TTB:
        mode_changed(v);
        break;
    case MMU_LD_TLB:
        load_entry(v);
        break;
    case MMU_GFLUSH:
        flush_all(v);
        break;
    case MMU_FLUSH_ENTRY:
        flush_entry(v);
        break;
    }
}

static void write_register(struct vmmu *v, unsigned int offset, uint32_t value)
{
    const struct reg *r = &regs[offset / 4];
    uint32_t *stored = &v->reg[offset / 4];

    value &= r->writable;
    switch ( r->kind )
    {
    case RW:
        *stored = value;
        break;
    case W1C:
        *stored &= ~value;
        break;
    case CMD:
        if ( !value )
            return;
        break;
    default:
        return;
    }
    side_effect(v, offset, value);
}

static uint32_t read_register(struct vmmu *v, unsigned int offset)
{
    switch ( offset )
    {
    case MMU_READ_CAM:
        return read_cam(v);
    default:
        return vmmu_peek(v, offset);
    }
}

uint32_t vmmu_peek(const struct vmmu *v, unsigned int offset)
{
    unsigned int n = LOCK_VICTIM(v->reg[MMU_LOCK / 4]) % v->config.tlb_entries;

    switch ( offset )
    {
    case MMU_READ_CAM:
        return v->tlb[n].cam;
    case MMU_READ_RAM:
        return v->tlb[n].ram;
    default:
        return v->reg[offset / 4];
    }
}

/* Accesses */

static bool known(const struct vmmu *v, unsigned int offset)
{
    return offset < v->config.window && regs[offset / 4].kind != UNKNOWN;
}

static void say_once(struct vmmu *v, unsigned int offset, unsigned int bytes,
                     const char *what)
{
    uint64_t bit = 1ULL << (offset < OMAP_MMU_WINDOW ? offset / 4 : 0);

    if ( !(v->told & bit) &&
         v->host->ops->say(
             v->host, "%s of %u bytes at offset %#x ignored: %s\n", what, bytes,
             offset,
             known(v, offset) ? "registers take aligned words only"
                              : "no register of this MMU") )
        v->told |= bit;
}

uint32_t vmmu_read(struct vmmu *v, unsigned int offset, unsigned int bytes)
{
    unsigned int in_word = offset % 4;
    uint32_t value = 0;

    lock(v);
    if ( known(v, offset) && bytes <= 4 && !(in_word & (bytes - 1)) )
    {
        v->count.reads[offset / 4]++;
        if ( v->state != VMMU_RELEASED )
            value = read_register(v, offset - in_word) >> (8 * in_word);
        if ( bytes < 4 )
            value &= (1u << (8 * bytes)) - 1;
    }
    else
        say_once(v, offset, bytes, "read");
    unlock(v);

    return value;
}

void vmmu_write(struct vmmu *v, unsigned int offset, unsigned int bytes,
                uint32_t value)
{
    lock(v);
    if ( known(v, offset) && bytes == 4 && !(offset % 4) )
    {
        v->count.writes[offset / 4]++;
        if ( v->state != VMMU_RELEASED )
            write_register(v, offset, value);
    }
    else
        say_once(v, offset, bytes, "write");
    unlock(v);
}

/* The hardware's faults */

/* First the note, then the mask: who reads the note sees no line to let through. */
void vmmu_interrupt(struct vmmu *v)
{
    set_interrupted(v, true);
    hw_mask(v->host);
}

/* What the guest's MMU goes by at this moment. */
static void copy_source(struct vmmu *v)
{
    struct guest_source *source = &v->source;
    uint32_t cntl = *reg(v, MMU_CNTL);
    unsigned int i;

    source->translate = cntl & CNTL_MMUENABLE;
    source->walk = cntl & CNTL_TWLENABLE;
    source->ttb = *reg(v, MMU_TTB);
    source->tlb_valid = 0;
    for ( i = 0; i < v->config.tlb_entries; i++ )
        if ( v->tlb[i].cam & CAM_V )
            source->tlb[source->tlb_valid++] = v->tlb[i];
}

/* Nothing in the guest's tables tells why its processor gets this fault. */
static void note_denied(struct vmmu *v, da_t da, ipa_t ipa, enum denial why)
{
    v->denied = (struct vmmu_denied){ why, da, ipa };
    if ( !(v->told_denied & (1u << why)) &&
         v->host->ops->say(v->host, "da %08x -> ipa %08x denied: %s\n",
                           (uint32_t)da.v, (uint32_t)ipa.v, denial_text(why)) )
        v->told_denied |= 1u << why;
}

/*
 * Makes da translate: returns 0, or the fault that the guest is to see. Also 0 if
 * the guest or its p2m changed meanwhile, or the host was not done: the requester
 * will find out. The lock is held on entry and on return.
 */
static uint32_t fill_gap(struct vmmu *v, da_t da)
{
    struct shadow_fill fill;
    uint32_t word;

    copy_source(v);
    shadow_begin(&v->shadow, &fill, da);
    unlock(v);

    guest_view(v->host, &v->source, fill.slot, &v->view);
    word = guest_view_page(&v->view, (da.v >> PT_PAGE_SHIFT) % PT_PAGES);
    if ( word & VIEW_PRESENT )
        shadow_prepare(&v->shadow, &fill, &v->view);

    lock(v);
    switch ( shadow_commit(&v->shadow, &fill) )
    {
    case SHADOW_STALE:
        return 0;
    case SHADOW_KEPT_HIDDEN:
        if ( word == IRQ_TABLEWALKFAULT << VIEW_FAULT_SHIFT )
            note_denied(v, da, v->view.unread, DENIED_TABLE);
        return word >> VIEW_FAULT_SHIFT;
    default:
        if ( shadow_holds(&v->shadow, da) )
            return 0;
        v->count.faults_denied++;
        note_denied(v, da, view_ipa(word), fill.why);
        return IRQ_TRANSLATIONFAULT;
    }
}

/*
 * Fills the gap, or raises the fault. A reset meanwhile overtakes the fill: a fault
 * of before it is not raised after it. Lock held on entry and on return.
 */
static void serve_fault(struct vmmu *v, da_t da)
{
    uint32_t irq;

    v->state = VMMU_SERVING;
    irq = fill_gap(v, da);
    if ( irq )
        raise_fault(v, da, irq);
    else
        release_requester(v);
}

/* What a p2m change left over; as much as one call may do. */
static void reap(struct vmmu *v)
{
    shadow_reap(&v->shadow);
    if ( shadow_has_dead(&v->shadow) )
        v->host->ops->defer(v->host);
}

/* A fault since the look at IRQSTATUS is not acknowledged: nobody has seen it. */
static void look_for_fault(struct vmmu *v)
{
    da_t da;
    uint32_t irq = hw_fault(v->host, &da);

    if ( irq & ~IRQ_EMUMISS )
        serve_fault(v, da);
    else if ( irq )
        release_requester(v);
    else
        unmask(v);
}

/* The line stays silent: the access waits for the guest to set its MMU up. */
static void tell_untouched(struct vmmu *v)
{
    da_t da;

    if ( !hw_fault(v->host, &da) )
        return;

    v->stall_da = da;
    if ( !v->told_untouched )
        v->told_untouched = v->host->ops->say(
            v->host,
            "da %08x accessed before the guest wrote CNTL: it waits; was the "
            "processor reset?\n",
            (uint32_t)da.v);
}

void vmmu_fault(struct vmmu *v)
{
    lock(v);
    set_interrupted(v, false);
    if ( v->state != VMMU_RELEASED && shadow_has_dead(&v->shadow) )
        reap(v);
    if ( v->state == VMMU_RUNNING )
        look_for_fault(v);
    else if ( v->state == VMMU_UNTOUCHED )
        tell_untouched(v);
    unlock(v);
}

/* Life */

void vmmu_init(struct vmmu *v, struct host *host,
               const struct vmmu_config *config,
               const struct shadow_memory *mem)
{
    memset(v, 0, sizeof(*v));
    v->host = host;
    v->config = *config;
    v->state = VMMU_UNTOUCHED;
    reset_registers(v);
    shadow_init(&v->shadow, host, mem);
    hw_arm(host, shadow_root(&v->shadow), config->bus_err_back);
    hw_unmask(host);
}

void vmmu_ipa_changed(struct vmmu *v, ipa_t ipa, uint64_t pages)
{
    lock(v);
    if ( v->state != VMMU_RELEASED )
    {
        shadow_ipa_changed(&v->shadow, ipa, pages);
        if ( shadow_has_dead(&v->shadow) )
            v->host->ops->defer(v->host);
        /* With the guest's MMU off the stalled da is an IPA. */
        if ( v->stall_da.v >= ipa.v &&
             (v->stall_da.v - ipa.v) >> PT_PAGE_SHIFT < pages )
            release_silent(v);
    }
    unlock(v);
}

void vmmu_renew(struct vmmu *v)
{
    lock(v);
    shadow_renew(&v->shadow);
    if ( ++v->renewals % VMMU_TELL_AGAIN == 0 )
        v->told_denied = 0;
    unlock(v);
}

bool vmmu_release(struct vmmu *v, unsigned int budget)
{
    bool done;

    lock(v);
    if ( v->state != VMMU_RELEASED )
    {
        v->state = VMMU_RELEASED;
        hw_quarantine(v->host, v->shadow.mem.empty_maddr,
                      v->config.bus_err_back);
        v->host->ops->set_irq(v->host, false);
    }
    done = shadow_release(&v->shadow, budget);
    unlock(v);

    return done;
}

const char *vmmu_audit_registers(const struct vmmu *v)
{
    unsigned int i;

    for ( i = 0; i < VMMU_WORDS; i++ )
        if ( regs[i].kind == UNKNOWN && v->reg[i] )
            return "a register that does not exist has a value";

    if ( v->state == VMMU_STALLED && (v->stall & ~IRQ_ALL) )
        return "a stall of no known fault";

    return NULL;
}

const char *vmmu_audit(const struct vmmu *v)
{
    return vmmu_audit_registers(v) ?: shadow_audit(&v->shadow);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
