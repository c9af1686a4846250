package com.pelagicore.softwarecontainer.bus;

import com.pelagicore.softwarecontainer.bus.CallBudget.Ticket;
import com.pelagicore.softwarecontainer.bus.CallScheduler.Task;
import com.pelagicore.softwarecontainer.bus.CallScheduler.Work;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that run calls as the scheduler orders them. A thread is added only if none is idle, and ends after
 * having been idle; {@code ThreadPoolExecutor} would either add one per call or queue before it adds.
 */
final class Workers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ready = lock.newCondition();
    private final Condition ended = lock.newCondition();
    private final CallBudget budget;
    private final CallScheduler scheduler;
    private final int maximum;
    private int threads;
    private int idle;
    /** Idle threads that were woken but have not got the lock yet. */
    private int woken;

    private int running;
    private boolean closed;

    Workers(BusLimits limits) {
        this.budget = new CallBudget(limits);
        this.scheduler = new CallScheduler(limits);
        this.maximum = limits.threads();
    }

    /** What calls count against until they are answered; {@link #submit} does the rest. */
    CallBudget budget() {
        return budget;
    }

    /** Runs a call when it is its turn. */
    void submit(Ticket ticket, Optional<Object> lane, Work work) {
        lock.lock();
        try {
            scheduler.add(ticket, lane, work);
            wake();
        } finally {
            lock.unlock();
        }
    }

    /** Idle threads end now, others after the call that they run; calls that wait are dropped. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            ready.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until no call is being handled; false: not within that time. */
    boolean awaitIdle(Duration patience) {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (running > 0 && left > 0) {
                left = ended.awaitNanos(left);
            }
            return running == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Threads that live. */
    int threads() {
        lock.lock();
        try {
            return threads;
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        if (!scheduler.hasReady()) {
            return;
        }
        if (idle > woken) {
            woken++;
            ready.signal();
        } else if (threads < maximum) {
            addThread();
        }
    }

    private void addThread() {
        Thread thread = new Thread(this::work, "bus-worker");
        thread.setDaemon(true);
        threads++;
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            // The limit of tasks is reached (pids cgroup, RLIMIT_NPROC); the call waits for another thread.
            threads--;
            LOG.warn("cannot start a thread for D-Bus calls, going on with {}", threads, e);
        }
    }

    private void work() {
        boolean isToGoOn;
        do {
            isToGoOn = runNext();
        } while (isToGoOn);
    }

    /** In a frame of its own: while the thread idles, a variable would hold the last call, with its message. */
    private boolean runNext() {
        Optional<Task> task = take();
        task.ifPresent(this::run);
        return task.isPresent();
    }

    private void run(Task task) {
        CompletionStage<?> answer = CompletableFuture.completedStage(true);
        try {
            answer = task.run();
        } catch (Throwable e) {
            LOG.error("a D-Bus call met a bug", e);
        } finally {
            lock.lock();
            try {
                running--;
                ended.signalAll();
                scheduler.ran(task);
                wake();
            } finally {
                lock.unlock();
            }
        }
        answer.whenComplete((value, failure) -> budget.leave(task.ticket()));
    }

    /** Empty if the thread has to end. */
    private Optional<Task> take() {
        lock.lock();
        try {
            awaitReady();
            Optional<Task> task = closed ? Optional.empty() : scheduler.next();
            if (task.isEmpty()) {
                threads--;
            } else {
                running++;
            }
            return task;
        } finally {
            lock.unlock();
        }
    }

    /** Returns when a call is ready, the pool closed or the time for idling over. */
    private void awaitReady() {
        long left = IDLE.toNanos();
        while (!closed && !scheduler.hasReady() && left > 0) {
            idle++;
            try {
                left = ready.awaitNanos(left);
            } catch (InterruptedException e) {
                LOG.debug("a handler left an interrupt behind, ignoring", e);
            } finally {
                idle--;
                woken = Math.max(0, woken - 1);
            }
        }
    }
}
