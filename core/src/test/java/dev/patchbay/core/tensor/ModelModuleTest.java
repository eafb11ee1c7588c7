package dev.patchbay.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.Batch;
import dev.patchbay.api.Call;
import dev.patchbay.api.ErrorCode;
import dev.patchbay.api.InferenceException;
import dev.patchbay.api.Model;
import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorSpec;
import dev.patchbay.api.TensorType;
import dev.patchbay.api.Tensors;
import dev.patchbay.api.runtime.MismatchedInputs;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Which models answer several requests in one run, and that rows come back to whom they belong.
class ModelModuleTest {

    private record Made(List<TensorSpec> inputs, List<TensorSpec> outputs, UnaryOperator<Tensors> does)
            implements Model {
        @Override
        public Tensors run(Tensors given) {
            return does.apply(given);
        }
    }

    private static final TensorSpec X = new TensorSpec("x", TensorType.FP32, List.of(-1L, 2L));
    private static final TensorSpec Y = new TensorSpec("y", TensorType.FP32, List.of(-1L, 1L));

    private static final Call CALL = (Call)
            Proxy.newProxyInstance(Call.class.getClassLoader(), new Class<?>[] {Call.class}, (proxy, method, given) -> {
                throw new AssertionError("a model does not look at its call");
            });

    private static Tensors row(float... values) {
        return Tensors.of("x", Tensor.of(values, 1, values.length));
    }

    /// The sum of each row.
    private static Tensors sums(Tensors given) {
        float[] x = given.floats("x");
        int rows = (int) given.get("x").dimension(0);
        float[] y = new float[rows];
        for (int i = 0; i < x.length; i++) {
            y[i * rows / x.length] += x[i];
        }
        return Tensors.of("y", Tensor.of(y, rows, 1));
    }

    private static ModelModule warm(Model model) throws Exception {
        ModelModule module = ModelModule.of(model);
        module.warmup(List.of(module.blank()), CALL);
        return module;
    }

    @Test
    void rows_are_run_together_and_come_back_in_order() throws Exception {
        ModelModule module = warm(new Made(List.of(X), List.of(Y), x -> after(Duration.ofMillis(1), x)));
        assertThat(module.largestBatch()).isEqualTo(32);
        List<Tensors> answers = module.predictAll(List.of(row(1, 2), row(3, 4), row(5, 6)), new Batch(List.of(CALL)));
        assertThat(answers).extracting(answer -> answer.scalar("y")).containsExactly(3.0, 7.0, 11.0);
        assertThat(answers.getFirst().get("y").shape()).containsExactly(1, 1);
    }

    @Test
    void inputs_that_do_not_fit_each_other_are_the_callers_to_correct() throws Exception {
        ModelModule module = ModelModule.of(new Made(List.of(X), List.of(Y), x -> {
            throw new MismatchedInputs("one has 2 rows, the other 3", new IllegalStateException());
        }));
        assertThatThrownBy(() -> module.predict(row(1, 2), CALL))
                .isInstanceOfSatisfying(InferenceException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
                    assertThat(refused).hasMessage("one has 2 rows, the other 3");
                });
    }

    /// Answers after some time, as a model does that computes, and not as one that sleeps.
    private static Tensors after(Duration time, Tensors given) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        return sums(given);
    }

    /// Tells whether a model that takes so long, by a clock of its own, wins the trial of batches.
    private static boolean isBatchedIfItTakes(LongFunction<Duration> forRows) {
        var clock = new AtomicLong();
        var model = new Made(List.of(X), List.of(Y), x -> {
            clock.addAndGet(forRows.apply(x.get("x").dimension(0)).toNanos());
            return sums(x);
        });
        return new BatchTrial("t@1.0.0#1", model, clock::get).isWonBy(row(1, 2));
    }

    @Test
    void a_quick_model_takes_one_at_a_time_however_much_its_rows_share() {
        assertThat(isBatchedIfItTakes(_ -> Duration.ofNanos(7_000))).isFalse();
        assertThat(isBatchedIfItTakes(_ -> Duration.ofNanos(11_000))).isFalse();
        assertThat(isBatchedIfItTakes(_ -> Duration.ofNanos(12_000))).isTrue();
    }

    @Test
    void a_model_that_gains_nothing_from_batches_takes_one_at_a_time() {
        assertThat(isBatchedIfItTakes(rows -> Duration.ofNanos(300_000 * rows))).isFalse();
        assertThat(isBatchedIfItTakes(rows -> Duration.ofNanos(200_000 + 100_000 * rows)))
                .isTrue();
    }

    @Test
    void a_slow_model_is_tried_with_one_other_row() {
        var rows = new HashSet<Long>();
        assertThat(isBatchedIfItTakes(count -> {
                    rows.add(count);
                    return Duration.ofMillis(60 * count);
                }))
                .isFalse();
        assertThat(rows).containsExactlyInAnyOrder(1L, 2L);
        assertThat(isBatchedIfItTakes(_ -> Duration.ofMillis(200))).isTrue();
    }

    @Test
    void a_start_that_takes_long_does_not_make_a_quick_model_slow() {
        var runs = new AtomicInteger();
        assertThat(isBatchedIfItTakes(
                        _ -> runs.incrementAndGet() < 6 ? Duration.ofMillis(20) : Duration.ofNanos(5_000)))
                .isFalse();
    }

    @Test
    void a_model_with_a_fixed_first_dimension_takes_one_at_a_time() throws Exception {
        TensorSpec one = new TensorSpec("x", TensorType.FP32, List.of(1L, 2L));
        assertThat(warm(new Made(List.of(one), List.of(Y), ModelModuleTest::sums))
                        .largestBatch())
                .isOne();
        TensorSpec scalar = new TensorSpec("y", TensorType.FP32, List.of());
        assertThat(warm(new Made(List.of(X), List.of(scalar), given -> Tensors.of("y", Tensor.of(new float[] {1}))))
                        .largestBatch())
                .isOne();
    }

    @Test
    void a_model_whose_rows_touch_each_other_takes_one_at_a_time() throws Exception {
        ModelModule module = warm(new Made(List.of(X), List.of(Y), given -> {
            float total = 0;
            for (float value : given.floats("x")) {
                total += value;
            }
            int rows = (int) given.get("x").dimension(0);
            float[] y = new float[rows];
            java.util.Arrays.fill(y, total / rows);
            return Tensors.of("y", Tensor.of(y, rows, 1));
        }));
        assertThat(module.largestBatch()).isOne();
    }

    @Test
    void a_model_that_fails_on_two_rows_or_gives_other_than_two_takes_one_at_a_time() throws Exception {
        assertThat(warm(new Made(List.of(X), List.of(Y), given -> {
                            if (given.get("x").dimension(0) > 1) {
                                throw new IllegalStateException("Reshape: {1,2} to {2}");
                            }
                            return sums(given);
                        }))
                        .largestBatch())
                .isOne();
        assertThat(warm(new Made(List.of(X), List.of(Y), given -> Tensors.of("y", Tensor.of(new float[] {1}, 1, 1))))
                        .largestBatch())
                .isOne();
    }

    @Test
    void only_requests_of_equal_shape_and_one_row_share_a_run() throws Exception {
        TensorSpec open = new TensorSpec("x", TensorType.FP32, List.of(-1L, -1L));
        ModelModule module = warm(new Made(List.of(open), List.of(Y), ModelModuleTest::sums));
        assertThat(module.batchKey(row(1, 2), CALL)).isEqualTo(module.batchKey(row(3, 4), CALL));
        assertThat(module.batchKey(row(1, 2), CALL)).isNotEqualTo(module.batchKey(row(1, 2, 3), CALL));
        Tensors two = Tensors.of("x", Tensor.of(new float[4], 2, 2));
        assertThat(module.batchKey(two, CALL))
                .isNotEqualTo(module.batchKey(Tensors.of("x", Tensor.of(new float[4], 2, 2)), CALL));
    }

    @Test
    void every_kind_of_tensor_is_put_together_and_taken_apart() {
        List<Tensors> rows = List.of(
                Tensors.of("t", Tensor.of(new String[] {"a", "b"}, 1, 2)).and("n", Tensor.of(new long[] {1}, 1)),
                Tensors.of("t", Tensor.of(new String[] {"c", "d"}, 1, 2)).and("n", Tensor.of(new long[] {2}, 1)));
        Tensors joined = TensorRows.join(rows);
        assertThat(joined.get("t").strings()).containsExactly("a", "b", "c", "d");
        assertThat(joined.get("t").shape()).containsExactly(2, 2);
        List<Tensors> apart = TensorRows.split(joined, 2);
        assertThat(apart.get(1).get("t").strings()).containsExactly("c", "d");
        assertThat(apart.get(1).get("n").longs()).containsExactly(2);
        assertThatIllegalStateException()
                .isThrownBy(() -> TensorRows.split(joined, 3))
                .withMessage("the model was given 3 rows, but its output 't' is BYTES[2, 2]");
    }
}
