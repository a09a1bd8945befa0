/* SPDX-License-Identifier: GPL-2.0-only */
/* What cppcheck must know of Xen's macros to read xen/ without Xen's headers. */
#define ENODEV     19
#define ERESTART   85
#define panic(...) abort()
#define list_for_each_entry(pos, head, member) \
    while ( (pos = after(pos, head)) )
#define dt_for_each_device_node(dt, dn) for ( dn = (dt); dn; dn = next(dn) )
#define __initconst
#define DT_DEVICE_START(name, title, class) static struct device_desc name = {
#define DT_DEVICE_END \
    } \
    ;
