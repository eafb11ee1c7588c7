package dev.patchbay.runtime.pmml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.patchbay.api.InferenceException;
import dev.patchbay.api.Model;
import dev.patchbay.api.ModelOptions;
import dev.patchbay.api.Tensor;
import dev.patchbay.api.TensorSpec;
import dev.patchbay.api.TensorType;
import dev.patchbay.api.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PmmlRuntimeTest {

    private static final String FIELDS = """
            <DataField name="age" displayName="Years" optype="continuous" dataType="integer">
              <Interval closure="closedOpen" leftMargin="18" rightMargin="120"/></DataField>
            <DataField name="income" optype="continuous" dataType="double">
              <Interval closure="openOpen" leftMargin="0"/></DataField>
            <DataField name="home" optype="categorical" dataType="string">
              <Value value="own"/><Value value="rent"/><Value value="?" property="missing"/>
              <Value value="x" property="invalid"/></DataField>
            <DataField name="member" optype="categorical" dataType="boolean"/>
            <DataField name="risk" optype="categorical" dataType="string">
              <Value value="high"/><Value value="low"/></DataField>
            """;
    private static final String MODEL = """
            <RegressionModel functionName="classification" normalizationMethod="softmax">
              <MiningSchema>
                <MiningField name="age"/>
                <MiningField name="income" missingValueReplacement="2"/>
                <MiningField name="home" invalidValueTreatment="asMissing" missingValueReplacement="rent"/>
                <MiningField name="member"/>
                <MiningField name="risk" usageType="target"/>
              </MiningSchema>
              <RegressionTable targetCategory="high" intercept="0.5">
                <NumericPredictor name="age" coefficient="0.01"/>
                <NumericPredictor name="income" coefficient="-0.25"/>
                <CategoricalPredictor name="home" value="rent" coefficient="0.75"/>
              </RegressionTable>
              <RegressionTable targetCategory="low" intercept="0"/>
            </RegressionModel>
            """;

    @TempDir
    private Path folder;

    private static String document(String fields, String model) {
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
                <DataDictionary>%s</DataDictionary>%s</PMML>
                """.formatted(fields, model);
    }

    private Model open(String document) throws IOException {
        Path file = Files.writeString(folder.resolve("risk.pmml"), document);
        return new PmmlRuntime().open(file, ModelOptions.DEFAULT);
    }

    private static Tensors row(long age, double income, String home) {
        return Tensors.of("age", Tensor.of(new long[] {age}, 1))
                .and("income", Tensor.of(new double[] {income}, 1))
                .and("home", Tensor.of(new String[] {home}, 1))
                .and("member", Tensor.of(new boolean[] {true}, 1));
    }

    private static double high(double age, double income, boolean rents) {
        double weight = Math.exp(0.5 + 0.01 * age - 0.25 * income + (rents ? 0.75 : 0));
        return weight / (weight + 1);
    }

    @Test
    void fields_become_tensors_with_their_ranges_categories_and_replacements() throws Exception {
        Model model = open(document(FIELDS, MODEL));
        assertThat(model.inputs())
                .containsExactly(
                        new TensorSpec(
                                "age",
                                TensorType.INT64,
                                List.of(-1L),
                                false,
                                Map.of("description", "Years", "minimum", 18.0, "exclusiveMaximum", 120.0)),
                        new TensorSpec("income", TensorType.FP64, List.of(-1L), true, Map.of("exclusiveMinimum", 0.0)),
                        new TensorSpec("home", TensorType.BYTES, List.of(-1L), true, Map.of()),
                        new TensorSpec("member", TensorType.BOOL, List.of(-1L)));
        assertThat(model.outputs())
                .containsExactly(
                        new TensorSpec(
                                "predicted_risk",
                                TensorType.BYTES,
                                List.of(-1L),
                                false,
                                Map.of("enum", List.of("high", "low"))),
                        new TensorSpec("probability", TensorType.FP64, List.of(-1L)),
                        new TensorSpec("probability_high", TensorType.FP64, List.of(-1L)),
                        new TensorSpec("probability_low", TensorType.FP64, List.of(-1L)));
    }

    @Test
    void categories_are_listed_with_the_values_that_stand_for_missing_ones() throws Exception {
        Model model = open(document(FIELDS, MODEL.replace("invalidValueTreatment=\"asMissing\"", "")));
        assertThat(model.inputs().get(2).values()).isEqualTo(Map.of("enum", List.of("own", "rent", "?")));
    }

    @Test
    void several_intervals_are_several_ways() throws Exception {
        Model model = open(document(
                FIELDS.replace(
                        "leftMargin=\"0\"/>",
                        "rightMargin=\"-5\"/><Interval closure=\"openClosed\" leftMargin=\"1\" rightMargin=\"2\"/>"),
                MODEL));
        assertThat(model.inputs().get(1).values())
                .isEqualTo(Map.of(
                        "anyOf",
                        List.of(Map.of("exclusiveMaximum", -5.0), Map.of("exclusiveMinimum", 1.0, "maximum", 2.0))));
    }

    @Test
    void it_scores_rows_and_names_the_outputs() throws Exception {
        Model model = open(document(FIELDS, MODEL));
        Tensors answer = model.run(Tensors.of("age", Tensor.of(new long[] {20, 60}, 2))
                .and("income", Tensor.of(new double[] {1, 8}, 2))
                .and("home", Tensor.of(new String[] {"rent", "own"}, 2))
                .and("member", Tensor.of(new boolean[] {true, false}, 2)));
        assertThat(answer.get("predicted_risk").strings()).containsExactly("high", "low");
        assertThat(answer.get("probability_high").doubles())
                .containsExactly(new double[] {high(20, 1, true), high(60, 8, false)}, within(1e-12));
    }

    @Test
    void a_field_that_is_left_out_or_not_valid_is_replaced_as_the_model_says() throws Exception {
        Model model = open(document(FIELDS, MODEL));
        Tensors without =
                Tensors.of("age", Tensor.of(new long[] {20}, 1)).and("member", Tensor.of(new boolean[] {true}, 1));
        assertThat(model.run(without).scalar("probability_high")).isCloseTo(high(20, 2, true), within(1e-12));
        assertThat(model.run(row(20, 1, "tent")).scalar("probability_high"))
                .isCloseTo(high(20, 1, true), within(1e-12));
    }

    @Test
    void an_answer_that_the_model_does_not_have_is_an_error_that_names_it() throws Exception {
        Model model = open(document(FIELDS, MODEL));
        assertThatThrownBy(() -> model.run(row(12, 1, "own")))
                .isInstanceOf(InferenceException.class)
                .hasMessage("The model gives no 'predicted_risk' for this request: by its rules, a value in it is"
                        + " missing or not valid");
    }

    @Test
    void inputs_that_do_not_fit_are_refused() throws Exception {
        Model model = open(document(FIELDS, MODEL));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.run(Tensors.of("age", Tensor.of(new long[] {20}, 1))))
                .withMessageStartingWith("input 'member' is missing; the model takes [age INT64[-1]");
        assertThatThrownBy(() -> model.run(row(20, 1, "own").and("age", Tensor.of(new long[] {20, 21}, 2))))
                .isInstanceOf(InferenceException.class)
                .hasMessageMatching("Input '\\w+' has 1 rows, but those before it have 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.run(row(20, 1, "own").and("size", Tensor.of(new long[] {20}, 1))))
                .withMessageStartingWith("the model has no input 'size'; it takes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.run(row(20, 1, "own").and("age", Tensor.of(new double[] {20}, 1))))
                .withMessage("input 'age' is FP64[1], but the model takes age INT64[-1]");
    }

    @Test
    void many_threads_get_their_own_answers() throws Exception {
        Model model = open(document(FIELDS, MODEL));
        assertThat(IntStream.range(0, 20_000)
                        .parallel()
                        .filter(i -> {
                            double income = 1 + i % 997;
                            double score =
                                    model.run(row(20 + i % 50, income, "own")).scalar("probability_high");
                            return Math.abs(score - high(20 + i % 50, income, false)) > 1e-12;
                        })
                        .count())
                .isZero();
    }

    @Test
    void what_is_no_model_is_refused_with_the_reason() throws Exception {
        String unscorable =
                "risk.pmml cannot be scored: it has no model, or one of a kind that PMML4S does not know, or"
                        + " says isScorable=\"false\"";
        assertRefused("PK\u0003\u0004", "risk.pmml is no PMML: line 1, column 1 is no XML");
        assertRefused("", "risk.pmml is no PMML: line 1, column 1 is no XML");
        assertRefused("<html/>", "risk.pmml is no PMML: its root element is <html>, not <PMML>");
        assertRefused(
                document(FIELDS, MODEL).replace("</RegressionModel>", ""),
                "risk.pmml is no PMML: line 28, column 3 is no XML");
        assertRefused(
                "<!DOCTYPE PMML SYSTEM \"http://127.0.0.1:1/pmml.dtd\"><PMML/>",
                "risk.pmml has a document type (<!DOCTYPE …>), which is refused; remove it");
        assertRefused(document(FIELDS, MODEL.replace("functionName", "isScorable=\"false\" functionName")), unscorable);
        assertRefused(document(FIELDS, ""), unscorable);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open(document(FIELDS, MODEL.replace("\"0.01\"", "\"a lot\""))))
                .withMessageStartingWith("PMML4S refuses risk.pmml: ");
    }

    private void assertRefused(String document, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> open(document)).withMessage(message);
    }

    @Test
    void it_has_no_options() throws Exception {
        Path file = Files.writeString(folder.resolve("risk.pmml"), document(FIELDS, MODEL));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PmmlRuntime().open(file, new ModelOptions(1, Map.of("provider", "cuda"))))
                .withMessage("the PMML engine has no options, but there is 'provider'");
    }
}
