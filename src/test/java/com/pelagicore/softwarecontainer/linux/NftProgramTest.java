package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With programs that are slower than nft, or tell more. */
class NftProgramTest {

    @TempDir
    private Path directory;

    @Test
    void endsAListingThatNobodyReadsAtOnce() throws IOException {
        NftProgram nft = nft("exec yes");
        long start = System.nanoTime();

        NftProgram.Running listing = nft.startListing("list chains");
        listing.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(listing.process().onExit().join().exitValue()).isNotZero();
    }

    @Test
    void waitsForATransactionThatNobodyAwaits() throws IOException {
        NftProgram nft = nft("sleep 0.5; echo applied > \"$0.done\"");

        nft.start("add table inet a").close();

        assertThat(directory.resolve("nft.done")).hasContent("applied");
    }

    private NftProgram nft(String script) throws IOException {
        Path program = directory.resolve("nft");
        Files.writeString(program, "#!/bin/sh\ncat > /dev/null\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return new NftProgram(program.toString());
    }
}
