/* Syncs nothing while a file is there, and says by another one that somebody waits for it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static void hang(void)
{
    const char *hangs = getenv("HANGS_WHILE"), *waits = getenv("SAYS_SO_BY");
    while (hangs && access(hangs, F_OK) == 0) {
        close(open(waits, O_CREAT | O_WRONLY, 0600));
        usleep(10000);
    }
}

int fsync(int file)
{
    hang();
    return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(file);
}

int fdatasync(int file)
{
    hang();
    return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(file);
}
