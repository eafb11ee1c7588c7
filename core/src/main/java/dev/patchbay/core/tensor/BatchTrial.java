package dev.patchbay.core.tensor;

import dev.patchbay.api.Model;
import dev.patchbay.api.Tensors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out at warm-up whether a model should answer rows together. Three things must be so:
///
/// 1. a row is answered in company as it is alone, but for rounding
/// 2. in company it costs at most [#WORTHWHILE] of what it costs alone; else the first of a batch would wait for the
///    others, and nobody would have anything of it
/// 3. it saves more than [#GATHERING]: a call that joins a batch takes turns with the others to be read, is put
///    together with them and taken apart, and uses one thread where there might be two
///
/// Each time is the best of many runs, because a quick run may lose its core for a while, and the first ones run before
/// the JVM has compiled what is around the model.
final class BatchTrial {

    private static final Logger log = LoggerFactory.getLogger(BatchTrial.class);
    /// By how much numbers may differ between a row alone and in a batch, which an engine adds up in another order.
    private static final double ROUNDING = 1e-3;

    private static final double WORTHWHILE = 0.75;
    /// By the measurements in docs/performance.md: of a model that saves 7 µs the gateway answers fewer calls with
    /// batches than without, of one that saves 15 µs more.
    private static final long GATHERING = TimeUnit.MICROSECONDS.toNanos(10);

    private static final int COMPANY = 8;
    /// A model whose row takes this long is tried with one other row, so that warm-up stays short.
    private static final long SLOW = Duration.ofMillis(5).toNanos();

    /// After so many the JVM has compiled what is around the model, which matters to quick ones.
    private static final int ROUNDS = 5_000;
    /// What is far from the threshold is seen sooner.
    private static final int ROUNDS_IF_CLEAR = 500;
    private static final long CLEAR = 3 * GATHERING;

    private static final long QUICK = TimeUnit.MICROSECONDS.toNanos(100);
    /// Where the thread gets little of a processor even a quick model takes its time.
    private static final long LONG_ENOUGH_IF_QUICK = Duration.ofSeconds(1).toNanos();
    private static final long LONG_ENOUGH = Duration.ofMillis(100).toNanos();

    private final String name;
    private final Model model;
    private final LongSupplier nanos;

    /// @param name of the version, for whoever reads the log
    /// @param nanos the time, as [System#nanoTime] tells it
    BatchTrial(String name, Model model, LongSupplier nanos) {
        this.name = name;
        this.model = model;
        this.nanos = nanos;
    }

    /// Tries it with a row.
    boolean isWonBy(Tensors row) {
        try {
            return isSameTogether(row) && pays(row);
        } catch (IllegalArgumentException | IllegalStateException e) {
            log.warn("{}: several rows at once fail; calls are not answered together: {}", name, e.getMessage());
            return false;
        }
    }

    private boolean isSameTogether(Tensors row) {
        if (TensorRows.near(model.run(row), together(company(row, 2)).getFirst(), ROUNDING)) {
            return true;
        }
        log.warn("{}: a row is answered otherwise beside another one; calls are not answered together", name);
        return false;
    }

    private boolean pays(Tensors row) {
        long begun = nanos.getAsLong();
        long alone = aloneNanos(row);
        List<Tensors> company = company(row, alone < SLOW ? COMPANY : 2);
        long shared = Long.MAX_VALUE;
        int rounds = 0;
        do {
            alone = Math.min(alone, aloneNanos(row));
            long from = nanos.getAsLong();
            together(company);
            shared = Math.min(shared, (nanos.getAsLong() - from) / company.size());
            rounds++;
        } while (rounds < (alone - shared > CLEAR ? ROUNDS_IF_CLEAR : ROUNDS)
                && nanos.getAsLong() - begun < (alone < QUICK ? LONG_ENOUGH_IF_QUICK : LONG_ENOUGH));
        if (shared > WORTHWHILE * alone || alone - shared < GATHERING) {
            log.info(
                    "{}: a row takes {} µs, and {} µs as one of {}; calls are not answered together, because {}",
                    name,
                    alone / 1_000,
                    shared / 1_000,
                    company.size(),
                    shared > WORTHWHILE * alone ? "nothing is gained" : "gathering them costs more than that saves");
            return false;
        }
        return true;
    }

    private long aloneNanos(Tensors row) {
        long from = nanos.getAsLong();
        model.run(row);
        return nanos.getAsLong() - from;
    }

    private static List<Tensors> company(Tensors row, int size) {
        List<Tensors> company = new ArrayList<>(Collections.nCopies(size, TensorRows.other(row)));
        company.set(0, row);
        return company;
    }

    private List<Tensors> together(List<Tensors> rows) {
        return TensorRows.split(model.run(TensorRows.join(rows)), rows.size());
    }
}
