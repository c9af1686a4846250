package com.pelagicore.softwarecontainer.bus;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Calls that this connection makes, and their answers. Thread-safe; nothing waits. */
final class OutgoingCalls {

    /** A bus that is silent for so long has ended. */
    private static final Duration SILENCE = Duration.ofMinutes(10);

    private record Asked(BusRequest request, CompletableFuture<Arguments> answer) {}

    private final MessageWriter writer;
    private final Map<Integer, Asked> asked = new ConcurrentHashMap<>();

    OutgoingCalls(MessageWriter writer) {
        this.writer = writer;
    }

    /** Fails with {@link BusError}: what was answered, or NoReply; on the reading thread or that of a timer. */
    CompletableFuture<Arguments> call(BusRequest request, Duration timeout) {
        return call(request, timeout, answer -> answer);
    }

    /** @param next what is to follow on the thread of the answer, which may come before this returns */
    private <T> CompletableFuture<T> call(
            BusRequest request, Duration timeout, Function<CompletableFuture<Arguments>, CompletableFuture<T>> next) {
        int serial = writer.newSerial();
        CompletableFuture<Arguments> answer = new CompletableFuture<>();
        CompletableFuture<T> followed = next.apply(answer.whenComplete((arguments, failure) -> asked.remove(serial))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(asBusError(request, failure))));
        asked.put(serial, new Asked(request, answer));
        writer.send(serial, OutgoingMessage.call(request));
        CompletableFuture<Arguments> ignored = answer.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
        return followed;
    }

    /**
     * Runs something on the reading thread, after what the bus has sent until now: together with an answer of the bus.
     * Never, if the connection ends before.
     */
    void onReadingThread(Runnable action) {
        CompletableFuture<Void> ignored =
                call(BusRequest.ofBus("GetId", ""), SILENCE, answer -> answer.thenAccept(id -> action.run()));
    }

    /** Takes in a reply or an error; one that was not asked for, or comes from somebody else, is ignored. */
    void answered(IncomingMessage message) {
        Asked question = asked.get(message.replySerial());
        if (question == null || !isEntitled(message, question.request())) {
            message.close();
            return;
        }
        try {
            Arguments arguments = message.arguments();
            if (message.isError()) {
                question.answer().completeExceptionally(new BusError(message.name(), text(message, arguments)));
            } else if (question.answer().complete(arguments)) {
                return;
            }
        } catch (MalformedMessage e) {
            question.answer().completeExceptionally(e);
        }
        message.close();
    }

    /** Nobody will answer any more. */
    void failAll(String reason) {
        asked.values().forEach(question -> question.answer().completeExceptionally(BusError.noReply(reason)));
    }

    /** The bus speaks for those who are not there. */
    private static boolean isEntitled(IncomingMessage message, BusRequest request) {
        String sender = message.sender().orElse("");
        return sender.equals(request.destination()) || (message.isError() && sender.equals(BusRequest.BUS));
    }

    private static String text(IncomingMessage error, Arguments arguments) {
        return error.signature().startsWith("s") ? arguments.string(0) : "";
    }

    private static BusError asBusError(BusRequest request, Throwable failure) {
        Throwable cause = Cause.of(failure);
        if (cause instanceof BusError error) {
            return error;
        }
        if (cause instanceof TimeoutException) {
            return BusError.noReply(request.destination() + " did not answer " + request.member() + " in time");
        }
        return BusError.failed("the answer to " + request.member() + " is malformed");
    }
}
