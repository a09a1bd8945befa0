/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dom0's module does what a toolstack would: loaded with run=end it waits until domain
 * 1 has shut down, and destroys it. With run=next it makes a domain that is to have the
 * same devices, and prints Xen's result; unloaded, it destroys that one. With run=lend
 * it makes a domain two pages of which are mapped into dom0; unloaded, it looks whether
 * they are as they were, and destroys that one. It prints alerts: nothing less gets
 * through from dom0 (board.py).
 */
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sizes.h>

#include "rproc_regs.h"
#include "test.h"
#include "toolstack.h"

static char *run = "end";
module_param(run, charp, 0);
MODULE_PARM_DESC(run, "end, next or lend");

static char *devices[UNITS];
static unsigned int nr_devices;
module_param_array(devices, charp, &nr_devices, 0);
MODULE_PARM_DESC(devices, "paths of the processors in Xen's device tree");

static unsigned int spis;
module_param(spis, uint, 0);
MODULE_PARM_DESC(spis, "interrupts of devices that the next domain has");

/*
 * The next domain's memory lies where domain 1's processors last wrote, as they see
 * it: what an MMU that is off lets through ends there. All but its last page holds a
 * pattern; the last one a list of commands that would overwrite it.
 */
#define NEXT_IPA     DA
#define NEXT_PAGES   17
#define NEXT_PATTERN SZ_64K

static unsigned int list = NEXT_IPA + NEXT_PATTERN;
module_param(list, uint, 0444);
MODULE_PARM_DESC(list, "where its list of commands is, to be read");

/* The next domain's memory is there for a moment. */
static unsigned int spare;
module_param(spare, uint, 0);
MODULE_PARM_DESC(spare, "address of 2 MiB where dom0 has nothing");

static u16 next; /* 0: there is none */

/* Fails with a line that is a test's. */
static int check(const char *what, int rc)
{
    if ( rc )
        pr_alert("not ok - overseer: %s: %d\n", what, rc);

    return rc;
}

static int destroy(u16 domain)
{
    int rc = check("destroy", domain_destroy(domain));

    if ( !rc )
        pr_alert("overseer: domain %u destroyed\n", domain);

    return rc;
}

static int end_first(void)
{
    bool shut_down = false;
    int rc = 0;

    while ( !rc && !shut_down )
    {
        msleep(50);
        rc = check("domain 1", domain_has_shut_down(1, &shut_down));
    }

    return rc ?: destroy(1);
}

static int fill_memory(u32 value)
{
    static const struct command fill = FILL(NEXT_IPA, NEXT_PATTERN, 0xdead);
    u32 *memory = memremap(spare, NEXT_PAGES * SZ_4K, MEMREMAP_WC);
    unsigned int i;

    if ( !memory )
        return -ENOMEM;

    memset(memory, 0, NEXT_PAGES * SZ_4K);
    for ( i = 0; i < NEXT_PATTERN / sizeof(*memory); i++ )
        memory[i] = value;
    memcpy(&memory[i], &fill, sizeof(fill));
    wmb();
    memunmap(memory);

    return 0;
}

/* A page of another domain's memory, mapped into ours. */
static void fill_page(u32 at, u32 value)
{
    u32 *memory = memremap(at, SZ_4K, MEMREMAP_WC);

    if ( !memory )
        return;
    memset32(memory, value, SZ_4K / sizeof(*memory));
    wmb();
    memunmap(memory);
}

static bool is_full_of(u32 at, u32 value)
{
    u32 *memory = memremap(at, SZ_4K, MEMREMAP_WC);
    unsigned int i = 0;

    if ( !memory )
        return false;
    while ( i < SZ_4K / sizeof(*memory) && memory[i] == value )
        i++;
    memunmap(memory);

    return i == SZ_4K / sizeof(*memory);
}

/* The pattern tells the domains apart: pages of one that is gone may still show it. */
static int give_memory(void)
{
    u32 value = 0x0e700000 | next;
    int filled;

    if ( check("memory", domain_populate(next, NEXT_IPA, NEXT_PAGES)) ||
         check("borrow", borrow_memory(next, NEXT_IPA, NEXT_PAGES, spare)) )
        return -EIO;
    filled = check("fill", fill_memory(value));
    if ( check("return", return_memory(spare, NEXT_PAGES)) || filled )
        return -EIO;

    pr_alert("next: pages %u value %08x\n", NEXT_PATTERN / SZ_4K, value);
    return 0;
}

static int make_next(void)
{
    unsigned int i;

    if ( check("create", domain_create(&next, spis)) || give_memory() )
        return -EIO;

    for ( i = 0; i < nr_devices; i++ )
        pr_alert("next: %s: %d\n", devices[i], domain_assign(next, devices[i]));

    return 0;
}

/* It has the processors' registers, as Xen lets it: to reset them. */
static int map_processors(void)
{
    unsigned long address;
    unsigned int i;

    for ( i = 0; i < nr_devices; i++ )
        if ( check("address",
                   kstrtoul(strchrnul(devices[i], '@') + 1, 16, &address)) ||
             check("map", map_device(address)) )
            return -EIO;

    return 0;
}

/*
 * What another domain lends dom0: the first page as a foreign one, the second by a grant.
 * The latter is mapped twice if dom0 is direct-mapped: at its machine address as well.
 */
#define LENT_IPA     DA
#define LENT_TABLE   (LENT_IPA + SZ_2M)
#define LENT_FOREIGN (spare + SZ_1M)
#define LENT_GRANTED (LENT_FOREIGN + SZ_4K)
#define LENT_VALUE   0x1e47

static struct granted granted;

static unsigned int lent[3];
module_param_array(lent, uint, NULL, 0444);
MODULE_PARM_DESC(lent, "where the pages are, to be read");

static int lend(void)
{
    granted.ours = LENT_GRANTED;
    if ( check("create", domain_create(&next, 0)) ||
         check("memory", domain_populate(next, LENT_IPA, 2)) ||
         check("borrow", borrow_memory(next, LENT_IPA, 2, LENT_FOREIGN)) )
        return -EIO;

    fill_page(LENT_FOREIGN, LENT_VALUE);
    fill_page(LENT_GRANTED, LENT_VALUE);
    if ( check("return", return_memory(LENT_GRANTED, 1)) ||
         check("grant",
               grant_page(next, LENT_IPA + SZ_4K, LENT_TABLE, &granted)) )
        return -EIO;

    lent[0] = LENT_FOREIGN;
    lent[1] = granted.ours;
    lent[2] = granted.machine;

    return 0;
}

static void end_lending(void)
{
    bool well = is_full_of(LENT_FOREIGN, LENT_VALUE) &&
                is_full_of(LENT_GRANTED, LENT_VALUE);

    pr_alert("%s - lent-pages-untouched%s\n", well ? "ok" : "not ok",
             well ? "" : ": one was written");
    check("ungrant", ungrant_page(&granted));
    check("return", return_memory(LENT_FOREIGN, 1));
}

static void end_next(void)
{
    if ( lent[0] )
        end_lending();
    if ( next )
        destroy(next);
    next = 0;
}

static int __init overseer_init(void)
{
    int rc;

    if ( !strcmp(run, "end") )
        return end_first();
    if ( check("spare= names no address", spare ? 0 : -EINVAL) )
        return -EINVAL;

    if ( !strcmp(run, "lend") )
        rc = lend();
    else
        rc = map_processors() ?: make_next();
    if ( rc )
        end_next();

    return rc;
}

static void __exit overseer_exit(void)
{
    end_next();
}

module_init(overseer_init);
module_exit(overseer_exit);
MODULE_LICENSE("GPL");
