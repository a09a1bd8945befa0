/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "fault.h"

enum reg_kind {
    UNKNOWN,
    RO,
    RW,
    W1C,
    CMD,
};

/* The register table of omap_regs.h, by word of the window. */
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

const char *vmmu_register_name(unsigned int offset)
{
    return offset < OMAP_MMU_WINDOW ? regs[offset / 4].name : NULL;
}

static void mode_changed(struct vmmu *v)
{
    shadow_park(&v->shadow);
    vmmu_release_silent(v);
}

/* The guest's TLB entries */

/* The entry that LD_TLB, READ_CAM and READ_RAM act on. */
static unsigned int victim(const struct vmmu *v)
{
    return LOCK_VICTIM(v->reg[MMU_LOCK / 4]) % v->config.tlb_entries;
}

static bool entry_covers(uint32_t cam, uint32_t da)
{
    return (cam & CAM_V) && !(((cam ^ da) & CAM_VATAG) >> cam_page_shift(cam));
}

static void load_entry(struct vmmu *v)
{
    struct guest_tlb_entry *entry = &v->tlb[victim(v)];

    entry->cam = *vmmu_reg(v, MMU_CAM);
    entry->ram = *vmmu_reg(v, MMU_RAM);
    mode_changed(v);

    /* A TLB miss ends as soon as a matching entry is there [T]. */
    if ( v->state == VMMU_STALLED && (v->stall & IRQ_TLBMISS) &&
         entry_covers(entry->cam, *vmmu_reg(v, MMU_FAULT_AD)) )
        vmmu_release_requester(v);
}

static void flush_all(struct vmmu *v)
{
    unsigned int i;

    for ( i = 0; i < v->config.tlb_entries; i++ )
        if ( !(v->tlb[i].cam & CAM_P) )
            v->tlb[i].cam &= ~CAM_V;
    shadow_park(&v->shadow);
}

/* Drops the entries that translate the address in CAM, preserved or not. */
static void flush_entry(struct vmmu *v)
{
    uint32_t da = *vmmu_reg(v, MMU_CAM) & CAM_VATAG;
    unsigned int i;

    for ( i = 0; i < v->config.tlb_entries; i++ )
        if ( entry_covers(v->tlb[i].cam, da) )
            v->tlb[i].cam &= ~CAM_V;
    shadow_hide(&v->shadow, _da(da));
}

/* Registers */

static void reset_registers(struct vmmu *v)
{
    unsigned int i;

    for ( i = 0; i < VMMU_WORDS; i++ )
        v->reg[i] = regs[i].reset;
    *vmmu_reg(v, MMU_REVISION) = v->config.revision;
    memset(v->tlb, 0, sizeof(v->tlb));
}

/*
 * No fault survives a reset: stalled, being served or not yet examined. One
 * that waits for the guest's first write to CNTL keeps waiting.
 */
static void soft_reset(struct vmmu *v)
{
    reset_registers(v);
    vmmu_update_irq(v);
    shadow_park(&v->shadow);
    if ( v->state != VMMU_UNTOUCHED )
        vmmu_release_requester(v);
}

/* Writing a fault's bit releases its requester [T]. */
static void acknowledge(struct vmmu *v, uint32_t bits)
{
    vmmu_update_irq(v);
    vmmu_release_silent(v);
    if ( v->state == VMMU_STALLED && (v->stall & bits) )
        vmmu_release_requester(v);
}

/*
 * A guest driver that resumes after its MMU lost power writes CNTL last. The
 * hardware may have lost its registers too, so all are written again.
 *
 * A reset not seen here may have taken the stalled requester away. A kept stall
 * would then block all later faults; a released requester that is still there
 * faults once more.
 */
static void arm(struct vmmu *v)
{
    shadow_park(&v->shadow);
    hw_arm(v->host, shadow_root(&v->shadow), v->config.parts);
    if ( v->state == VMMU_UNTOUCHED )
        v->state = VMMU_RUNNING;
    if ( v->state == VMMU_STALLED )
        vmmu_release_requester(v);
    else if ( v->state == VMMU_RUNNING )
        vmmu_unmask(v);
}

/* What a write does besides storing its value. */
static void side_effect(struct vmmu *v, unsigned int offset, uint32_t value)
{
    switch ( offset )
    {
    case MMU_SYSCONFIG:
        if ( *vmmu_reg(v, MMU_SYSCONFIG) & SYSCONFIG_SOFTRESET )
            soft_reset(v);
        break;
    case MMU_IRQSTATUS:
        acknowledge(v, value);
        break;
    case MMU_IRQENABLE:
        vmmu_update_irq(v);
        break;
    case MMU_CNTL:
        arm(v);
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

uint32_t vmmu_peek(const struct vmmu *v, unsigned int offset)
{
    switch ( offset )
    {
    case MMU_READ_CAM:
        return v->tlb[victim(v)].cam;
    case MMU_READ_RAM:
        return v->tlb[victim(v)].ram;
    default:
        return v->reg[offset / 4];
    }
}

/*
 * READ_CAM never shows entries that the walker would have loaded: the guest
 * reads that nothing is cached, and may rely on it; Linux then flushes nothing.
 * So nothing may be cached.
 */
static uint32_t read_register(struct vmmu *v, unsigned int offset)
{
    if ( offset == MMU_READ_CAM )
        shadow_park(&v->shadow);

    return vmmu_peek(v, offset);
}

/* Accesses */

static bool known(const struct vmmu *v, unsigned int offset)
{
    return offset < v->config.window && regs[offset / 4].kind != UNKNOWN;
}

static void warn_once(struct vmmu *v, unsigned int offset, unsigned int bytes,
                      const char *what)
{
    uint64_t bit = 1ULL << (offset < OMAP_MMU_WINDOW ? offset / 4 : 0);

    if ( !(v->warned & bit) &&
         v->host->ops->log(
             v->host, "%s of %u bytes at offset %#x ignored: %s\n", what, bytes,
             offset,
             known(v, offset) ? "registers take aligned words only"
                              : "no register of this MMU") )
        v->warned |= bit;
}

uint32_t vmmu_read(struct vmmu *v, unsigned int offset, unsigned int bytes)
{
    unsigned int in_word = offset % 4;
    uint32_t value = 0;

    vmmu_lock(v);
    if ( known(v, offset) && bytes <= 4 && !(in_word & (bytes - 1)) )
    {
        v->count.reads[offset / 4]++;
        if ( v->state != VMMU_RELEASED )
            value = read_register(v, offset - in_word) >> (8 * in_word);
        if ( bytes < 4 )
            value &= (1u << (8 * bytes)) - 1;
    }
    else
        warn_once(v, offset, bytes, "read");
    vmmu_unlock(v);

    return value;
}

void vmmu_write(struct vmmu *v, unsigned int offset, unsigned int bytes,
                uint32_t value)
{
    vmmu_lock(v);
    if ( known(v, offset) && bytes == 4 && !(offset % 4) )
    {
        v->count.writes[offset / 4]++;
        if ( v->state != VMMU_RELEASED )
            write_register(v, offset, value);
    }
    else
        warn_once(v, offset, bytes, "write");
    vmmu_unlock(v);
}

/* The processor's resets */

bool vmmu_start(struct vmmu *v)
{
    bool armed = false;

    vmmu_lock(v);
    if ( v->state != VMMU_RELEASED )
    {
        arm(v);
        armed = hw_walks(v->host, shadow_root(&v->shadow), v->config.parts);
    }
    if ( armed )
        v->held = false;
    vmmu_unlock(v);

    return armed;
}

/*
 * Without vmmu_hold(), a fault being served may still stall later; the next
 * start or stop ends it.
 */
void vmmu_stopped(struct vmmu *v)
{
    vmmu_lock(v);
    if ( v->state == VMMU_STALLED )
        vmmu_release_requester(v);
    vmmu_unlock(v);
}

void vmmu_hold(struct vmmu *v)
{
    vmmu_lock(v);
    if ( v->state != VMMU_RELEASED && !v->held )
    {
        v->held = true;
        shadow_park(&v->shadow);
    }
    vmmu_unlock(v);
}

void vmmu_reset(struct vmmu *v)
{
    vmmu_lock(v);
    if ( v->state != VMMU_RELEASED )
        soft_reset(v);
    vmmu_unlock(v);
}

void vmmu_route(struct vmmu *v, bool around)
{
    vmmu_lock(v);
    if ( v->state != VMMU_RELEASED && v->around != around )
    {
        v->around = around;
        mode_changed(v);
    }
    vmmu_unlock(v);
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
    v->around = config->parts.bypassable;
    reset_registers(v);
    shadow_init(&v->shadow, host, mem);
    shadow_renew(&v->shadow);
    hw_arm(host, shadow_root(&v->shadow), config->parts);
    hw_unmask(host);
}

void vmmu_ipa_changed(struct vmmu *v, ipa_t ipa, uint64_t pages)
{
    vmmu_lock(v);
    if ( v->state != VMMU_RELEASED )
    {
        shadow_ipa_changed(&v->shadow, ipa, pages);
        if ( v->shadow.has_condemned )
            v->host->ops->defer(v->host);
        /* A silent stall's da is an IPA, unless no core runs: then it stays. */
        if ( v->stall_da.v >= ipa.v &&
             (v->stall_da.v - ipa.v) >> PT_PAGE_SHIFT < pages )
            vmmu_release_silent(v);
    }
    vmmu_unlock(v);
}

void vmmu_renew(struct vmmu *v)
{
    vmmu_lock(v);
    shadow_renew(&v->shadow);
    if ( ++v->renewals % VMMU_WARN_AGAIN == 0 )
        v->warned_denied = 0;
    vmmu_unlock(v);
}

bool vmmu_release(struct vmmu *v, unsigned int budget)
{
    bool done;

    vmmu_lock(v);
    if ( v->state != VMMU_RELEASED )
    {
        v->state = VMMU_RELEASED;
        hw_quarantine(v->host, v->shadow.mem.empty_maddr, v->config.parts);
        v->host->ops->set_irq(v->host, false);
    }
    done = shadow_release(&v->shadow, budget);
    vmmu_unlock(v);

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

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
