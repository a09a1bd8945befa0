/* SPDX-License-Identifier: GPL-2.0-only */
/* Console, clock and hypercalls of the bare-metal guests. */
#include <stdarg.h>
#include <stdint.h>

#include <public/grant_table.h>
#include <public/memory.h>

#include "guest.h"

/* The UART that Xen emulates: data, flags. */
#define UART_DATA        ((uint32_t)GUEST_PL011_BASE)
#define UART_FLAGS       (UART_DATA + 0x18)
#define UART_FLAGS_EMPTY (1u << 4) /* nothing to read */
#define UART_FLAGS_FULL  (1u << 5) /* no room to write */

#define PSCI_CPU_ON     0x84000003
#define PSCI_SYSTEM_OFF 0x84000008

/* gcc makes loops into calls of it. */
void *memset(void *to, int value, size_t bytes)
{
    volatile uint8_t *p = to;

    while ( bytes-- )
        *p++ = value;

    return to;
}

/*
 * Console
 */

static void put(char c)
{
    while ( read32(UART_FLAGS) & UART_FLAGS_FULL )
        continue;
    write32(UART_DATA, c);
}

static void put_string(const char *s)
{
    while ( *s )
        put(*s++);
}

static void put_decimal(uint32_t n)
{
    if ( n >= 10 )
        put_decimal(n / 10);
    put('0' + n % 10);
}

static void put_hex(uint32_t n)
{
    unsigned int i;

    for ( i = 0; i < 8; i++, n <<= 4 )
        put("0123456789abcdef"[n >> 28]);
}

void say(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    for ( ; *format; format++ )
    {
        if ( *format != '%' )
            put(*format);
        else if ( *++format == 'u' )
            put_decimal(va_arg(args, uint32_t));
        else if ( *format == 'x' )
            put_hex(va_arg(args, uint32_t));
        else
            put_string(va_arg(args, const char *));
    }
    va_end(args);
    put('\n');
}

bool ask_runner(const char *what)
{
    say("runner: %s", what);
    while ( read32(UART_FLAGS) & UART_FLAGS_EMPTY )
        continue;

    return (read32(UART_DATA) & 0xff) == '\n';
}

void guest_trapped(uint32_t status, uint32_t address, uint32_t pc)
{
    say("not ok - guest-runs: trap at %x, fault status %x, address %x", pc,
        status, address);
    for ( ;; )
        asm volatile("wfi");
}

/*
 * Clock
 */

ticks_t now(void)
{
    uint64_t ticks;

    asm volatile("isb; mrrc p15, 1, %Q0, %R0, c14" : "=r"(ticks)); /* CNTVCT */

    return ticks;
}

ticks_t seconds(uint32_t n)
{
    uint32_t frequency;

    asm volatile("mrc p15, 0, %0, c14, c0, 0" : "=r"(frequency)); /* CNTFRQ */

    return (ticks_t)n * frequency;
}

/*
 * Hypercalls
 */

long hypercall(uint32_t number, uint32_t a, const void *b, uint32_t c)
{
    register uint32_t r0 asm("r0") = a;
    register const void *r1 asm("r1") = b;
    register uint32_t r2 asm("r2") = c;
    register uint32_t r12 asm("r12") = number;

    asm volatile(".arch_extension virt; hvc #0xea1"
                 : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r12)
                 :
                 : "memory", "r3", "r4");

    return (long)r0;
}

long psci(uint32_t function, uint32_t a, const void *b, uint32_t c)
{
    register uint32_t r0 asm("r0") = function;
    register uint32_t r1 asm("r1") = a;
    register const void *r2 asm("r2") = b;
    register uint32_t r3 asm("r3") = c;

    asm volatile(".arch_extension virt; hvc #0"
                 : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)
                 :
                 : "memory", "r12");

    return (long)r0;
}

void start_vcpu(uint32_t vcpu)
{
    extern void enter_vcpu(void);

    psci(PSCI_CPU_ON, vcpu, enter_vcpu, vcpu);
}

void power_off(void)
{
    psci(PSCI_SYSTEM_OFF, 0, NULL, 0);
}

long share_page(unsigned int space, uint32_t ipa)
{
    struct xen_add_to_physmap add = {
        .domid = DOMID_SELF,
        .space = space,
        .gpfn = ipa >> 12,
    };

    return hypercall(__HYPERVISOR_memory_op, XENMEM_add_to_physmap, &add, 0);
}

bool change_pages(unsigned int op, uint32_t ipa, unsigned int order)
{
    xen_pfn_t gfn = ipa >> 12;
    struct xen_memory_reservation r = {
        .extent_start.p = &gfn,
        .nr_extents = 1,
        .extent_order = order,
        .domid = DOMID_SELF,
    };

    return hypercall(__HYPERVISOR_memory_op, op, &r, 0) == 1;
}

#define PIECES 64 /* in one hypercall */

uint32_t get_pages(uint32_t ipa, unsigned int order, uint32_t count)
{
    xen_pfn_t gfns[PIECES];
    uint32_t pieces = count < PIECES ? count : PIECES, i;
    struct xen_memory_reservation r = {
        .extent_start.p = gfns,
        .nr_extents = pieces,
        .extent_order = order,
        .domid = DOMID_SELF,
    };

    for ( i = 0; i < pieces; i++ )
        gfns[i] = (ipa >> 12) + (i << order);

    return hypercall(__HYPERVISOR_memory_op, XENMEM_populate_physmap, &r, 0);
}

void grant_page(uint32_t table, uint32_t ref, uint32_t domain, uint32_t ipa)
{
    volatile grant_entry_v1_t *entry = (grant_entry_v1_t *)table + ref;

    entry->domid = domain;
    entry->frame = ipa >> 12;
    asm volatile("dmb" ::: "memory");
    entry->flags = GTF_permit_access;
}
