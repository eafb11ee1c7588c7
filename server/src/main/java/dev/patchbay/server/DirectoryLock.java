package dev.patchbay.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The right to be the only gateway that keeps its state in a directory: two would write over each other's revisions
/// and remove each other's artifacts. The operating system takes the right back when the process ends, however it does.
final class DirectoryLock implements AutoCloseable {

    private static final String FILE = ".lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /// Makes the directory where it is missing, and locks it.
    ///
    /// @throws IOException if another gateway holds it, or it cannot be written to, saying so
    static DirectoryLock take(Path directory) throws IOException {
        FileChannel channel;
        try {
            Files.createDirectories(directory);
            channel = FileChannel.open(
                    directory.resolve(FILE),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException("the data directory %s cannot be written to: %s".formatted(directory, e), e);
        }
        try {
            if (!isLocked(channel)) {
                throw new IOException(
                        "the data directory %s belongs to a gateway that runs (process %s); give each a directory of its own"
                                .formatted(directory, Files.readString(directory.resolve(FILE))));
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return new DirectoryLock(channel);
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
