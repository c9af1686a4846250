/*
 * softwarecontainer-init - PID 1 of a container.
 *
 * Starts processes on request of the agent, reaps every orphan, and keeps the wait status of each process that
 * it started until the agent has collected it, so that an agent that was restarted misses nothing.
 *
 * Link: SOCK_SEQPACKET, abstract name "softwarecontainer-init" in the container's own network namespace; nothing
 * of it is in a file system. Only peers outside the container's PID namespace are served (their pid is 0 here).
 * The newest connection is the agent's. Integers are in host order. The Java side is linux/InitWire.java.
 *
 *   agent -> init   struct message; SPAWN carries 4 descriptors: arguments, stdin, stdout, stderr. The arguments
 *                   are NUL-terminated strings in a memfd: working directory, `value` arguments, environment.
 *   init -> agent   struct message. STARTED and REFUSED are sent by the new process itself: the kernel adds its
 *                   credentials, translated to the agent's namespace, and so the agent learns the host's pid.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { VERSION = 1 /* of this protocol: agents know all earlier ones */,
       BACKLOG = 128 /* agents that come and go while the container is frozen */ };
enum kind {
	/* agent to init */
	SPAWN = 1,	/* value: number of arguments; stage: flags */
	NOTE = 2,	/* host_pid: what to call this process from now on */
	COLLECTED = 3,	/* the status of this process has arrived and may be forgotten */
	SIGNAL = 4,	/* value: number; stage: 1 for its process group; request 0: all but init */
	/* init to agent */
	STARTED = 16,	/* credentials: the process */
	REFUSED = 17,	/* value: errno; stage: where */
	RUNNING = 18,	/* to a new connection, for each process that was started for an earlier one */
	ENDED = 19,	/* value: wait status; to each new connection again until it is collected */
	WELCOME = 20,	/* first of all; value: VERSION; request: the highest so far */
};

enum stage { STAGE_REQUEST = 0, STAGE_FORK = 1, STAGE_DIRECTORY = 2 };
enum spawn_flags { TO_FILE = 1 /* truncate it */, TERMINAL = 2 /* make it the controlling one */ };

struct message {
	uint32_t kind;
	uint32_t request;
	int32_t value;
	uint32_t host_pid;
	uint32_t stage;
};

enum { ARGUMENTS, STDIN, STDOUT, STDERR, DESCRIPTORS };

struct process {
	pid_t pid;		/* in this namespace */
	uint32_t request;
	uint32_t host_pid;	/* 0: not told yet */
	int status;
	bool ended;
	bool told;		/* the agent knows whether it runs or how it ended */
};

static struct process *processes;
static size_t process_count, process_room;
static uint32_t newest_request;
static int agent = -1;
static bool unreported;		/* the agent's socket was full */

static bool tell(enum kind kind, uint32_t request, int value, uint32_t host_pid, enum stage stage, int flags)
{
	struct message message = { kind, request, value, host_pid, stage };

	return send(agent, &message, sizeof message, MSG_NOSIGNAL | flags) == sizeof message;
}

static void refuse(uint32_t request, enum stage stage)
{
	tell(REFUSED, request, errno, 0, stage, 0);
}

static struct process *find_request(uint32_t request)
{
	for (size_t i = 0; i < process_count; i++)
		if (processes[i].request == request)
			return &processes[i];
	return NULL;
}

static bool reserve_process(void)
{
	size_t room = process_room ? 2 * process_room : 16;
	struct process *grown;

	if (process_count < process_room)
		return true;
	if (!(grown = realloc(processes, room * sizeof *grown)))
		return false;
	processes = grown;
	process_room = room;
	return true;
}

/* Reports processes as far as the agent reads; the rest waits for POLLOUT. */
static void report(void)
{
	unreported = false;
	for (size_t i = 0; i < process_count && agent >= 0 && !unreported; i++) {
		struct process *p = &processes[i];

		p->told = p->told || tell(p->ended ? ENDED : RUNNING, p->request, p->status, p->host_pid, 0, MSG_DONTWAIT);
		unreported = !p->told;
	}
}

static void reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (struct process *p = processes; p < processes + process_count; p++)
			if (p->pid == pid && !p->ended) {
				p->ended = true;
				p->status = status;
				p->told = false;
			}
	report();
}

/* Fills `list` with `count` strings from [*at, end); false if there are fewer. */
static bool take_strings(char **list, size_t count, char **at, char *end)
{
	for (size_t i = 0; i < count; i++) {
		if (*at >= end)
			return false;
		list[i] = *at;
		*at += strlen(*at) + 1;
	}
	list[count] = NULL;
	return true;
}

/* The new process. Does not return. */
static void run(const struct message *request, const int *descriptors)
{
	struct stat info;
	sigset_t none;
	char *text, *at, *end, *directory[2], **arguments, **environment;
	size_t strings = 0;
	int status;

	if (fstat(descriptors[ARGUMENTS], &info) < 0 || info.st_size < 1 || request->value < 1)
		goto refused;
	text = mmap(NULL, info.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptors[ARGUMENTS], 0);
	if (text == MAP_FAILED)
		goto refused;
	at = text;
	end = text + info.st_size;
	end[-1] = '\0';
	for (char *c = text; c < end; c++)
		strings += !*c;
	errno = EINVAL;
	if (strings < 1 + (size_t)request->value)
		goto refused;
	strings -= 1 + request->value;
	arguments = calloc(request->value + 1, sizeof *arguments);
	environment = calloc(strings + 1, sizeof *environment);
	if (!arguments || !environment || !take_strings(directory, 1, &at, end) ||
	    !take_strings(arguments, request->value, &at, end) || !take_strings(environment, strings, &at, end))
		goto refused;

	setsid();
	for (int i = STDIN; i <= STDERR; i++)
		if (dup2(descriptors[i], i - STDIN) < 0)
			goto refused;
	if (request->stage & TERMINAL && ioctl(STDIN_FILENO, TIOCSCTTY, 0) < 0)
		goto refused;
	if (chdir(directory[0]) < 0) {
		refuse(request->request, STAGE_DIRECTORY);
		_exit(1);
	}
	/* only now: a process that is refused leaves the output file as it was */
	if (request->stage & TO_FILE && ftruncate(STDOUT_FILENO, 0) < 0 && errno != EINVAL)
		goto refused;
	for (int signal_number = 1; signal_number < NSIG; signal_number++)
		signal(signal_number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (!tell(STARTED, request->request, 0, 0, 0, 0))
		_exit(1);
	environ = environment;
	execvp(arguments[0], arguments);
	status = request->stage & TO_FILE ? 1 : errno == ENOENT ? 127 : 126;
	dprintf(STDERR_FILENO, "softwarecontainer: %s: %s\n", arguments[0], strerror(errno));
	_exit(status);

refused:
	refuse(request->request, STAGE_REQUEST);
	_exit(1);
}

static void spawn(const struct message *request, const int *descriptors)
{
	pid_t pid;

	if (!reserve_process() || (pid = fork()) < 0) {
		refuse(request->request, STAGE_FORK);
		return;
	}
	if (pid == 0)
		run(request, descriptors);
	processes[process_count++] = (struct process){ .pid = pid, .request = request->request, .told = true };
	newest_request = request->request;
}

/* For a new agent. If the last one did not note a pid, it told nobody: the call was not answered, the process goes. */
static void report_anew(void)
{
	for (size_t i = process_count; i-- > 0;) {
		struct process *p = &processes[i];

		p->told = false;
		if (!p->host_pid && !p->ended && kill(-p->pid, SIGKILL) < 0)
			kill(p->pid, SIGKILL);
		if (!p->host_pid)
			*p = processes[--process_count];
	}
	tell(WELCOME, newest_request, VERSION, 0, 0, MSG_DONTWAIT);
	report();
}

static void handle(const struct message *message, const int *descriptors, size_t descriptor_count)
{
	struct process *p = find_request(message->request);

	switch (message->kind) {
	case SPAWN:
		if (!p && descriptor_count == DESCRIPTORS)
			spawn(message, descriptors);
		break;
	case NOTE:
		if (p)
			p->host_pid = message->host_pid;
		break;
	case COLLECTED:
		if (p && p->ended)
			*p = processes[--process_count];
		break;
	case SIGNAL:
		if (!message->request || (p && !p->ended))
			kill(!p ? -1 : message->stage ? -p->pid : p->pid, message->value);
		break;
	}
}

static void disconnect(void)
{
	close(agent);
	agent = -1;
}

/* One message from the agent, with its descriptors; false if there is none now. */
static bool receive(void)
{
	struct message message;
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(DESCRIPTORS * sizeof(int))];
	} control;
	struct msghdr packet = { NULL, 0, &(struct iovec){ &message, sizeof message }, 1, &control, sizeof control, 0 };
	int descriptors[DESCRIPTORS];
	size_t count = 0;
	struct cmsghdr *c;
	ssize_t length = recvmsg(agent, &packet, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);

	if (length < 0 && (errno == ECONNRESET || errno == EINTR))
		return true;	/* unix(7) tells of an agent that died before what it had sent */
	if (length <= 0) {
		if (length == 0 || errno != EAGAIN)
			disconnect();
		return false;
	}
	c = CMSG_FIRSTHDR(&packet);
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
		count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(descriptors, CMSG_DATA(c), count * sizeof(int));
	}
	if (length == sizeof message)
		handle(&message, descriptors, count);
	for (size_t i = 0; i < count; i++)
		close(descriptors[i]);
	return true;
}

/* The peer must live outside this PID namespace: then it is the agent, whose user a user namespace need not know. */
static bool is_outside(int peer)
{
	struct ucred credentials;
	socklen_t length = sizeof credentials;

	return getsockopt(peer, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 && credentials.pid == 0;
}

static void welcome(int listener)
{
	int peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	if (peer < 0 || !is_outside(peer)) {
		close(peer);
		return;
	}
	/* what the last agent noted counts, though it came to a frozen container and that agent is gone */
	while (agent >= 0 && receive())
		;
	disconnect();
	agent = peer;
	report_anew();
}

static int open_listener(void)
{
	static const char name[] = "softwarecontainer-init";
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t length = offsetof(struct sockaddr_un, sun_path) + sizeof name;
	int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	memcpy(address.sun_path + 1, name, sizeof name - 1);
	if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) < 0 || listen(listener, BACKLOG) < 0)
		_exit(2);
	return listener;
}

/* LXC's filter knows the calls that its library knew; later ones, which might do what it refuses, answer as an older
 * kernel would. From 424 on all architectures have the same numbers; arm has private ones at 0xf0000. */
static void refuse_newer_calls(void)
{
	static struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 450, 0, 3),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0xf0000, 0, 1),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x100000, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = { sizeof code / sizeof *code, code };

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) < 0)
		_exit(2);
}

int main(void)
{
	struct signalfd_siginfo ignored;
	sigset_t children;
	int listener, signals;

	prctl(PR_SET_DUMPABLE, 0);
	if (prctl(PR_GET_SECCOMP) > 0)	/* 0: a container without a filter */
		refuse_newer_calls();
	umask(022);
	sigemptyset(&children);
	sigaddset(&children, SIGCHLD);
	sigprocmask(SIG_SETMASK, &children, NULL);
	signals = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
	listener = open_listener();
	if (signals < 0)
		_exit(2);

	for (;;) {
		struct pollfd ready[] = {
			{ signals, POLLIN, 0 },
			{ listener, POLLIN, 0 },
			{ agent, POLLIN | (unreported ? POLLOUT : 0), 0 },	/* -1 is passed over */
		};

		if (poll(ready, 3, -1) < 0)
			continue;
		if (ready[2].revents & (POLLIN | POLLHUP | POLLERR))
			receive();
		if (ready[2].revents & POLLOUT)
			report();
		if (ready[0].revents && read(signals, &ignored, sizeof ignored) > 0)
			reap();
		if (ready[1].revents)
			welcome(listener);
	}
}
