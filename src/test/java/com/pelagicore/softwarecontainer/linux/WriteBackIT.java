package com.pelagicore.softwarecontainer.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pelagicore.softwarecontainer.error.ErrorKind;
import com.pelagicore.softwarecontainer.rootfs.BufferLayers;
import com.pelagicore.softwarecontainer.spec.BindMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteBackIT {

    private static final String BEFORE =
            """
            cd "$1"
            chmod 751 . && chown 12:34 .
            echo unchanged > unchanged; echo first > file; echo gone > deleted; echo x > file-to-dir
            mkdir -p kept/sub gone-dir/sub opaque/sub dir-to-link/sub dir-to-file/sub mode old-name/sub
            echo a > kept/a; echo b > kept/sub/b; echo c > gone-dir/sub/c; echo d > opaque/old; echo e > opaque/sub/old
            echo f > dir-to-link/sub/f; echo g > dir-to-file/sub/g; echo h > old-name/sub/h; echo i > renamed
            ln -s kept link-to-dir; ln -s nowhere changed-link; ln -s kept link-with-time
            echo one > one && ln one other
            echo p > programme && chmod 4755 programme; echo o > owned; echo t > dated; echo s > same-size
            setfattr -n user.old -v 1 kept/a; setfattr -n user.changed -v 1 kept/a; setfattr -n trusted.mine -v 1 kept
            setfattr -n security.capability -v 0x0100000200040000000000000000000000000000 kept/sub/b
            touch -d 2001-01-01 kept kept/sub unchanged .
            """;

    private static final String CHANGES =
            """
            cd "$1"
            chmod 710 . && chown 56:78 .
            echo second > file; : > new; mkdir -p new-dir/deep/er; echo x > new-dir/deep/er/file
            rm deleted; rm -r gone-dir
            rm -r opaque; mkdir opaque; echo new > opaque/new; mkdir opaque/sub; echo new > opaque/sub/new
            rm file-to-dir; mkdir file-to-dir; echo x > file-to-dir/x
            rm -r dir-to-link; ln -s kept/b dir-to-link
            rm -r dir-to-file; echo file > dir-to-file
            rm link-to-dir; mkdir link-to-dir; echo x > link-to-dir/x
            ln -sfn elsewhere changed-link; touch -h -d 2002-02-02 link-with-time
            chmod 2770 mode; chown 1000:1001 owned; chmod 6711 owned; touch -d '2003-03-03 03:03:03.123456789' dated
            echo S > same-size; echo changed > one
            mkfifo -m 640 fifo; mknod null c 1 3; mknod disk b 259 300; perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "socket", Listen => 1)'
            echo linked > linked; ln linked new-dir/linked; ln linked new-dir/deep/linked
            truncate -s 50M sparse; echo end >> sparse
            mv renamed new-name; mv old-name moved
            printf odd > "$(printf 'not\\377text')"; echo dash > ./-rf; mkdir "two words"; echo y > "two words/y z"
            touch -d 2004-04-04 new-dir . kept/sub
            """;

    /** Not with a buffer in memory: older kernels' tmpfs has no user attributes, and its overlay hides such links. */
    private static final String MORE_CHANGES =
            """
            ln kept/a kept/sub/a
            setfattr -x user.old kept/a; setfattr -n user.changed -v 2 kept/a; setfattr -n user.new -v 3 new-dir
            setfattr -n trusted.mine -v 2 kept; echo more >> kept/sub/b
            setfattr -n security.capability -v 0x0100000200040000000000000000000000000000 new
            touch -d 2004-04-04 new-dir . kept/sub
            """;

    @TempDir
    Path directory;

    private final LinuxTrees trees = new LinuxTrees(new UserNamespaces());
    private final LinuxMounts mounts = new LinuxMounts(new UserNamespaces());
    private Path lower;
    private Path buffers;
    private Path upper;

    @BeforeEach
    void makeDirectories() throws IOException {
        lower = Files.createDirectory(directory.resolve("lower"));
        buffers = Files.createDirectory(directory.resolve("buffers"));
        upper = buffers.resolve("upper");
    }

    @AfterEach
    void nothingStaysMounted() {
        mounts.unmount(buffers);
        mounts.unmount(lower);
        assertThat(MountNamespace.ownMountsBelow(directory)).isEmpty();
    }

    @Test
    void makesTheLowerDirectoryWhatTheContainerSaw() {
        TreeSnapshot.run(BEFORE, lower);
        List<String> before = TreeSnapshot.of(lower);
        List<String> seen = change(CHANGES + MORE_CHANGES);
        assertThat(TreeSnapshot.differences(lower, before)).isEmpty();
        assertThat(TreeSnapshot.differences(lower, seen)).isNotEmpty();

        trees.writeBack(upper, lower);

        assertThat(TreeSnapshot.differences(lower, seen)).isEmpty();
        assertThat(TreeSnapshot.run("stat -c %b \"$1/sparse\"", lower))
                .first()
                .satisfies(blocks -> assertThat(Integer.parseInt(blocks)).isLessThan(1000));
    }

    @Test
    void carriesFromMemoryToDisk() {
        mounts.tmpfs(buffers, 64 << 20);
        TreeSnapshot.run(BEFORE, lower);
        List<String> seen = change(CHANGES);

        trees.writeBack(upper, lower);

        assertThat(TreeSnapshot.differences(lower, seen)).isEmpty();
    }

    @Test
    void hasTheSameResultWhenItIsDoneAgain() {
        TreeSnapshot.run(BEFORE, lower);
        List<String> seen = change(CHANGES + MORE_CHANGES);
        trees.writeBack(upper, lower);
        List<String> upperBefore = TreeSnapshot.of(upper);

        trees.writeBack(upper, lower);

        assertThat(TreeSnapshot.differences(lower, seen)).isEmpty();
        assertThat(TreeSnapshot.differences(upper, upperBefore)).isEmpty();
    }

    @Test
    void removesWhatAnInterruptedRunLeft() throws IOException {
        List<String> seen = change("cd \"$1\"; echo x > file");
        try (Descriptor root = new Descriptor(Opening.host(FileName.of(lower), Opening.DIRECTORY))) {
            Staging abandoned = new Staging(root, upper, lower.toString(), 0);
            abandoned.createFile("half").close();
            assertThat(lower).isNotEmptyDirectory();

            trees.writeBack(upper, lower);

            assertThat(TreeSnapshot.differences(lower, seen)).isEmpty();
            abandoned.close();
        }
    }

    @Test
    void leavesTheLowerDirectoryAloneIfNothingWasMounted() throws IOException {
        TreeSnapshot.run(BEFORE, lower);
        List<String> before = TreeSnapshot.of(lower);
        Files.createDirectory(upper);
        Files.writeString(upper.resolve("file"), "not from an overlay");

        trees.writeBack(upper, lower);
        trees.writeBack(directory.resolve("missing"), lower);

        assertThat(TreeSnapshot.differences(lower, before)).isEmpty();
    }

    @Test
    void changesNothingIfNothingWasChanged() {
        TreeSnapshot.run(BEFORE, lower);
        List<String> before = TreeSnapshot.of(lower);
        change("cat \"$1\"/file > /dev/null");

        trees.writeBack(upper, lower);

        assertThat(TreeSnapshot.differences(lower, before)).isEmpty();
    }

    @Test
    void doesNotFollowALinkThatAppearedBelow() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        TreeSnapshot.run("mkdir -p \"$1/dir\"; echo old > \"$1/dir/file\"", lower);
        change("cd \"$1\"; echo new > dir/file; echo more > more");
        TreeSnapshot.run("cd \"$1\"; rm -r dir; ln -s ../outside dir; ln -s ../outside/more more", lower);

        trees.writeBack(upper, lower);

        assertThat(outside).isEmptyDirectory();
        assertThat(lower.resolve("dir/file")).hasContent("new\n");
        assertThat(lower.resolve("more")).hasContent("more\n");
    }

    @Test
    void writesBelowAMountThatTheContainerDidNotSee() throws IOException {
        Path covered = Files.createDirectory(lower.resolve("covered"));
        change("cd \"$1\"; echo new > covered/file");
        mounts.tmpfs(covered, 1 << 20);
        try {
            trees.writeBack(upper, lower);

            assertThat(covered).isEmptyDirectory();
        } finally {
            mounts.unmount(covered);
        }
        assertThat(covered.resolve("file")).hasContent("new\n");
    }

    @Test
    void namesTheFileThatDoesNotFitAndKeepsTheUpperLayer() throws IOException {
        mounts.tmpfs(lower, 1 << 20);
        Files.writeString(lower.resolve("big"), "small");
        change("cd \"$1\"; head -c 3000000 /dev/zero > big");
        List<String> upperBefore = TreeSnapshot.of(upper);

        assertThatThrownBy(() -> trees.writeBack(upper, lower))
                .hasMessageEndingWith("('" + lower + "/big'): ENOSPC")
                .extracting("kind")
                .isEqualTo(ErrorKind.HOST_REFUSED);

        assertThat(lower.resolve("big")).hasContent("small");
        assertThat(lower.toFile().list()).containsExactly("big");
        assertThat(TreeSnapshot.differences(upper, upperBefore)).isEmpty();
    }

    @Test
    void readersSeeTheOldFileOrTheNewOne() throws IOException {
        byte[] old = new byte[4 << 20];
        Files.write(lower.resolve("file"), old);
        change("cd \"$1\"; head -c 8388608 /dev/zero > file");

        CompletableFuture<Void> done = CompletableFuture.runAsync(() -> trees.writeBack(upper, lower));
        do {
            assertThat(Files.readAllBytes(lower.resolve("file")).length).isIn(4 << 20, 8 << 20);
        } while (!done.isDone());

        done.join();
        assertThat(lower.resolve("file")).hasSize(8 << 20);
    }

    @Test
    void carriesDeepTrees() {
        changeUnseen(
                "perl -e 'chdir shift; for (1..3000) { mkdir q(d); chdir q(d) or die } open F, q(>file) or die' \"$1\"");

        trees.writeBack(upper, lower);

        TreeSnapshot.run("perl -e 'chdir shift; for (1..3000) { chdir q(d) or die } -e q(file) or die' \"$1\"", lower);
        trees.delete(lower);
        trees.delete(buffers);
    }

    /** Lets a container change the lower directory through its write buffer; gives what it saw at the end. */
    private List<String> change(String script) {
        try (MountNamespace container = startBuffered()) {
            TreeSnapshot.run(script, container.path("/data"));
            return TreeSnapshot.of(container.path("/data"));
        }
    }

    private void changeUnseen(String script) {
        try (MountNamespace container = startBuffered()) {
            TreeSnapshot.run(script, container.path("/data"));
        }
    }

    private MountNamespace startBuffered() {
        try {
            Path work = Files.createDirectory(buffers.resolve("work"));
            Files.createDirectory(upper);
            MountNamespace container = MountNamespace.start(Files.createDirectory(directory.resolve("root")));
            BindMount mount = new BindMount(lower, Path.of("/data"), false);
            new LinuxContainerMounts(false)
                    .bindBuffered(container.init(), mount, new BufferLayers(upper, work), id -> {});
            return container;
        } catch (IOException refused) {
            throw new IllegalStateException(refused);
        }
    }
}
