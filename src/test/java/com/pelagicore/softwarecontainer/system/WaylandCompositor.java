package com.pelagicore.softwarecontainer.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** A Weston without a screen, whose picture can be taken. */
final class WaylandCompositor implements AutoCloseable {

    static final int BACKGROUND = 0xff204060;

    private static final String DISPLAY = "wayland-lab";

    private final Path directory;
    private Process weston;

    /** Starts it in an empty directory. */
    WaylandCompositor(Path directory) {
        this.directory = directory;
        start();
    }

    Path socket() {
        return directory.resolve("run").resolve(DISPLAY);
    }

    /** Ends it and starts another: its socket goes, with the directory, and comes back. */
    void restart() {
        close();
        Trees.delete(socket().getParent());
        start();
    }

    /** {@code --debug} lets clients take pictures. */
    private void start() {
        try {
            Files.createDirectory(
                    socket().getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path config = Files.writeString(
                    directory.resolve("weston.ini"),
                    """
                    [core]
                    idle-time=0
                    require-input=false
                    [shell]
                    panel-position=none
                    background-color=0x%x
                    """
                            .formatted(BACKGROUND));
            ProcessBuilder builder = new ProcessBuilder(
                            "weston",
                            "--backend=headless-backend.so",
                            "--width=640",
                            "--height=480",
                            "--use-pixman",
                            "--debug",
                            "--config=" + config,
                            "--socket=" + DISPLAY)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("weston.log").toFile());
            builder.environment().put("HOME", directory.toString());
            builder.environment().put("XDG_RUNTIME_DIR", socket().getParent().toString());
            weston = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            Deadlines.await(() -> {
                assertThat(weston.isAlive()).as("weston runs").isTrue();
                return Files.exists(socket()) && isDrawn(picture());
            });
        } catch (AssertionError failed) {
            weston.destroy();
            throw failed;
        }
    }

    /** The desktop is drawn a while after the first clients can connect. */
    private static boolean isDrawn(BufferedImage picture) {
        return picture.getRGB(1, 1) == BACKGROUND;
    }

    /** What would be seen on the screen. */
    BufferedImage picture() {
        ProcessBuilder builder = new ProcessBuilder("weston-screenshooter")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("screenshooter.log").toFile());
        builder.environment().put("XDG_RUNTIME_DIR", socket().getParent().toString());
        builder.environment().put("WAYLAND_DISPLAY", DISPLAY);
        try {
            Deadlines.get(builder.start().onExit());
            return ImageIO.read(takePicture());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private File takePicture() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            Path picture = files.filter(file -> file.toString().endsWith(".png"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no screenshot, see " + directory));
            return Files.move(picture, directory.resolve("picture"), StandardCopyOption.REPLACE_EXISTING)
                    .toFile();
        }
    }

    /** Number of pixels that are not background. */
    static long drawn(BufferedImage picture) {
        long count = 0;
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                count += picture.getRGB(x, y) == BACKGROUND ? 0 : 1;
            }
        }
        return count;
    }

    @Override
    public void close() {
        weston.destroy();
        Deadlines.get(weston.onExit());
    }
}
