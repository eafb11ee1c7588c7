package dev.patchbay.core.execution;

/// When each stage of a call ended, in nanoseconds of [System#nanoTime]. Written by the one thread that has the
/// call at that moment; read after the call was answered. The only clock of a call: metrics, log and records
/// read it.
public final class CallTimings {

    /// The stages of a call, in order.
    public enum Stage {
        /// Reading and checking the request.
        DECODE,
        /// Waiting for a thread of the version.
        QUEUE,
        /// The module, before its first model ran.
        PREPROCESS,
        /// From the start of the first model run to the end of the last.
        MODEL,
        /// The module, after its last model ran; all of it if it runs none.
        POSTPROCESS,
        /// Checking and writing the answer.
        ENCODE
    }

    private final long arrived;
    private long read;
    private long started;
    private long decoded;
    private long modelStarted;
    private long modelEnded;
    private long predicted;
    private long encoded;
    private int batchSize;
    private boolean firstOfBatch;

    /// Starts the clock.
    public CallTimings(long arrived) {
        this.arrived = arrived;
        this.read = arrived;
    }

    /// Gives the timings of a call that went through all stages, for whoever records calls without making them.
    ///
    /// @param stages the nanoseconds of each stage, in the order of [Stage]
    public static CallTimings of(long arrived, long... stages) {
        CallTimings timings = new CallTimings(arrived);
        timings.started = arrived + stages[1];
        timings.decoded = timings.started + stages[0];
        timings.modelStarted = timings.decoded + stages[2];
        timings.modelEnded = timings.modelStarted + stages[3];
        timings.predicted = timings.modelEnded + stages[4];
        timings.encoded = timings.predicted + stages[5];
        return timings;
    }

    /// Notes that the body was read.
    public void read() {
        read = System.nanoTime();
    }

    void started() {
        started = System.nanoTime();
    }

    void decoded() {
        decoded = System.nanoTime();
    }

    void modelRan(long from, long to) {
        if (modelStarted == 0) {
            modelStarted = from;
        }
        modelEnded = to;
    }

    /// Notes that the call, already decoded, waited once more, for a batch that it fits in.
    void waited() {
        long more = System.nanoTime() - decoded;
        started += more;
        decoded += more;
    }

    /// Notes that the call was answered together with others.
    ///
    /// @param together when models ran for all of them
    void batched(CallTimings together, int size, boolean first) {
        modelStarted = together.modelStarted;
        modelEnded = together.modelEnded;
        predicted = together.predicted;
        batchSize = size;
        firstOfBatch = first;
    }

    void predicted() {
        predicted = System.nanoTime();
    }

    void encoded() {
        encoded = System.nanoTime();
    }

    /// Gives the moment the call arrived.
    public long arrived() {
        return arrived;
    }

    /// Gives how many calls the module answered together with this one, itself included; 0 if it takes no batches.
    public int batchSize() {
        return batchSize;
    }

    /// Tells whether the call is the one by which its batch is counted.
    public boolean isFirstOfBatch() {
        return firstOfBatch;
    }

    /// Gives how long the call was inside the module, in nanoseconds; -1 if the module did not answer.
    public long insideModule() {
        return predicted == 0 ? -1 : predicted - decoded;
    }

    /// Gives how long a stage took, in nanoseconds; -1 if the call did not get through it.
    public long nanos(Stage stage) {
        return switch (stage) {
            case DECODE -> decoded == 0 ? -1 : (read - arrived) + (decoded - started);
            case QUEUE -> started == 0 ? -1 : started - read;
            case PREPROCESS -> modelStarted == 0 ? -1 : modelStarted - decoded;
            case MODEL -> modelStarted == 0 ? -1 : modelEnded - modelStarted;
            case POSTPROCESS -> predicted == 0 ? -1 : predicted - (modelStarted == 0 ? decoded : modelEnded);
            case ENCODE -> encoded == 0 ? -1 : encoded - predicted;
        };
    }
}
