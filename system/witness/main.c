/* SPDX-License-Identifier: GPL-2.0-only */
/* See witness.h. */
#include "witness.h"

#define FIRST_ENDS "first-client-ends"

/* The runner answers with a line. */
static void ask(const char *what)
{
    char letter;

    say("runner: %s", what);
    while ( sys_read(0, &letter, 1) == 1 && letter != '\n' )
        ;
}

static _Noreturn void first_client(int ready, int go)
{
    char letter = 0;

    client(1);
    sys_write(ready, &letter, 1);
    sys_read(go, &letter, 1);
    sys_exit(0);
}

static void two_clients(void)
{
    int ready[2], go[2], pid, status = 0;
    char letter = 0;

    if ( sys_pipe(ready) || sys_pipe(go) )
        fail("both-clients-draw", "no pipe", 0);
    pid = sys_fork();
    if ( !pid )
        first_client(ready[1], go[0]);
    /* If the first client fails, nobody can write any more. */
    sys_close(ready[1]);
    if ( pid < 0 || sys_read(ready[0], &letter, 1) != 1 )
        sys_exit(1);

    client(2);
    say("ok - both-clients-draw");
    ask("hold");

    sys_write(go[1], &letter, 1);
    if ( sys_wait(pid, &status) != pid || status )
        fail(FIRST_ENDS, "status", status);
    say("ok - " FIRST_ENDS);
    ask("left");

    client_again();
    say("ok - draws-after-recovery");
    ask("again");
}

int main(int argc, char *argv[])
{
    if ( argc != 2 )
        return 2;

    if ( argv[1][0] == 'i' )
        init_server();
    else
        two_clients();

    return 0;
}
