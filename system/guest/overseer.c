/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dom0's module: waits until domain 1 has shut down and destroys it, which a
 * toolstack would do. Loading returns when the domain is gone. It speaks as an
 * alert: nothing less gets through from dom0 (board.py).
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <xen/interface/xen.h>
#include <asm/xen/hypercall.h>

#define DOMCTL_DESTROYDOMAIN 2
#define DOMCTL_GETDOMAININFO 5
#define DOMINF_SHUTDOWN      (1U << 2)

/* Linux has no declaration of this call; the layout is Xen's public ABI. */
struct domctl {
    u32 cmd;
    u32 interface_version;
    domid_t domain;
    u16 pad[3];
    union {
        struct {
            domid_t domain;
            u16 pad;
            u32 flags;
        } info;
        u8 pad[128];
    } u;
} __aligned(8);

static long domctl(struct domctl *op, u32 cmd)
{
    memset(op, 0, sizeof(*op));
    op->cmd = cmd;
    op->interface_version = DOMCTL_INTERFACE_VERSION;
    op->domain = 1;

    return privcmd_call(__HYPERVISOR_domctl, (unsigned long)op, 0, 0, 0, 0);
}

static int __init overseer_init(void)
{
    static struct domctl op;
    long rc;

    do
    {
        msleep(50);
        rc = domctl(&op, DOMCTL_GETDOMAININFO);
        if ( rc )
        {
            pr_alert("not ok - overseer: no domain 1 (%ld)\n", rc);
            return -ENOENT;
        }
    }
    while ( !(op.u.info.flags & DOMINF_SHUTDOWN) );

    /* Xen asks to be called again while there is more to tear down. */
    do
    {
        rc = domctl(&op, DOMCTL_DESTROYDOMAIN);
    }
    while ( rc == -EAGAIN || rc == -ERESTART );

    pr_alert("overseer: domain 1 destroyed (%ld)\n", rc);
    return 0;
}

static void __exit overseer_exit(void)
{
}

module_init(overseer_init);
module_exit(overseer_exit);
MODULE_LICENSE("GPL");
