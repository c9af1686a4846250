/*
 * forbidden_calls - tries, from inside a container, the system calls by which programs get out of one, and prints a
 * line for each: its name and what came of it, the name of an error or "works". Harmless where they are refused; not
 * for a host.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_io_uring_setup
#define SYS_io_uring_setup 425
#endif
#ifndef SYS_open_tree
#define SYS_open_tree 428
#define SYS_move_mount 429
#define SYS_fsopen 430
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
/* of Linux 6.7 and later: libseccomp does not know it */
#define LATE_CALL 457

static void tell(const char *what, long result)
{
    printf("%s %s\n", what, result >= 0 ? "works" : strerrorname_np(errno));
}

#define TRY(call) tell(#call, syscall(SYS_##call, 0, 0, 0, 0, 0, 0))
#define TRY_WITH(call, ...) tell(#call, syscall(SYS_##call, __VA_ARGS__))

/* a terminal of its own, as a program with one has it */
static void terminal(void)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    setsid();
    if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0) {
        tell("terminal", -1);
        return;
    }
    int slave = open(ptsname(master), O_RDWR);
    tell("terminal", slave);
    tell("TIOCSTI", ioctl(slave, TIOCSTI, "x"));
    char paste[] = {3};
    tell("TIOCLINUX", ioctl(slave, TIOCLINUX, paste));
}

static void devices(void)
{
    tell("mknod-disk", mknod("/tmp/disk", S_IFBLK | 0600, makedev(8, 0)));
    tell("mknod-mem", mknod("/tmp/mem", S_IFCHR | 0600, makedev(1, 1)));
    tell("mknod-kmsg", mknod("/tmp/kmsg", S_IFCHR | 0600, makedev(1, 11)));
}

static void set_ids(void)
{
    int file = open("/tmp/set-id", O_CREAT | O_RDWR, 0700);
    tell("fchmod-set-user-id", fchmod(file, 04755));
    tell("fchmod-set-group-id", fchmod(file, 02755));
    tell("chmod-set-user-id", chmod("/tmp/set-id", 04755));
    tell("fchmodat-set-user-id", fchmodat(AT_FDCWD, "/tmp/set-id", 04755, 0));
    tell("open-set-user-id", open("/tmp/set-id-2", O_CREAT | O_RDWR, 04755));
    tell("creat-set-user-id", syscall(SYS_openat, AT_FDCWD, "/tmp/set-id-3", O_CREAT | O_WRONLY | O_TRUNC, 06755));
    tell("mknod-set-user-id", mknod("/tmp/set-id-4", S_IFREG | 04755, 0));
    /* cap_setuid+ep, of linux/capability.h */
    unsigned char capability[20] = {1, 0, 0, 2, 0x80};
    tell("file-capability", setxattr("/tmp/set-id", "security.capability", capability, sizeof capability, 0));
}

static void others(void)
{
    char memory[8];
    struct iovec local = {memory, sizeof memory}, remote = {(void *)0x400000, sizeof memory};
    tell("ptrace-init", ptrace(PTRACE_ATTACH, 1, 0, 0));
    tell("read-init", process_vm_readv(1, &local, 1, &remote, 1, 0));
    tell("open-init-memory", open("/proc/1/mem", O_RDWR));
    tell("open-init-program", open("/proc/1/exe", O_WRONLY));
    struct sched_param urgent = {.sched_priority = 50};
    tell("real-time", sched_setscheduler(0, SCHED_FIFO, &urgent));
    tell("nice", nice(-10) == -1 ? -1 : 0);
    tell("host-name", sethostname("other", 5));
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_REALTIME, &now);
    tell("clock", clock_settime(CLOCK_REALTIME, &now));
    tell("vsock", socket(AF_VSOCK, SOCK_STREAM, 0));
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    TRY(getpid);
    TRY_WITH(unshare, CLONE_NEWUSER);
    TRY_WITH(unshare, CLONE_NEWNS);
    TRY_WITH(unshare, CLONE_NEWNET);
    TRY_WITH(clone, CLONE_NEWUSER, 0, 0, 0, 0);
    TRY_WITH(clone3, "", 0);
    TRY_WITH(setns, open("/proc/1/ns/mnt", O_RDONLY), 0);
    tell("mount-cgroup", mount("x", "/tmp", "cgroup", 0, "memory"));
    tell("mount-cgroup2", mount("x", "/tmp", "cgroup2", 0, ""));
    tell("mount-proc", mount("x", "/tmp", "proc", 0, ""));
    tell("mount-tmpfs", mount("x", "/tmp", "tmpfs", 0, ""));
    tell("mount-bind", mount("/", "/tmp", 0, MS_BIND, 0));
    tell("remount", mount(0, "/usr", 0, MS_REMOUNT | MS_BIND, 0));
    tell("umount", umount2("/proc/sys", MNT_DETACH));
    TRY(pivot_root);
    TRY(fsopen);
    TRY(open_tree);
    TRY(move_mount);
    TRY(mount_setattr);
    TRY(name_to_handle_at);
    TRY(open_by_handle_at);
    TRY(bpf);
    TRY(perf_event_open);
    TRY(userfaultfd);
    TRY(io_uring_setup);
    TRY(keyctl);
    TRY(add_key);
    TRY(request_key);
    TRY(init_module);
    TRY(finit_module);
    TRY(delete_module);
    TRY(kexec_load);
#ifdef SYS_kexec_file_load
    TRY(kexec_file_load);
#endif
    TRY(acct);
    TRY(quotactl);
    TRY(swapon);
    TRY(swapoff);
    TRY_WITH(syslog, 3, 0, 0);
    TRY(reboot);
    TRY(vhangup);
    TRY(fanotify_init);
#ifdef SYS_iopl
    TRY_WITH(iopl, 3);
    TRY_WITH(ioperm, 0x80, 1, 1);
#endif
    tell("late-call", syscall(LATE_CALL, 0, 0, 0, 0, 0, 0));
    devices();
    set_ids();
    others();
    terminal();
    return 0;
}
