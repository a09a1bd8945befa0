/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAKE_XEN_LIST_H
#define FAKE_XEN_LIST_H

#include <stddef.h>

struct list_head {
    struct list_head *next, *prev;
};

#define LIST_HEAD(name) struct list_head name = { &(name), &(name) }

#define list_empty(head) ((head)->next == (head))

#define list_for_each_entry(pos, head, member) \
    for ( (pos) = container_of((head)->next, typeof(*(pos)), member); \
          &(pos)->member != (head); \
          (pos) = container_of((pos)->member.next, typeof(*(pos)), member) )

static inline void list_add_tail(struct list_head *entry,
                                 struct list_head *head)
{
    entry->next = head;
    entry->prev = head->prev;
    head->prev->next = entry;
    head->prev = entry;
}

#endif /* FAKE_XEN_LIST_H */
