package dev.patchbay.runtime.pmml;

import dev.patchbay.api.TensorType;
import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/// What a PMML document says about its fields: `DataDictionary` and the model's `MiningSchema`
/// ([PMML 4.4](https://dmg.org/pmml/v4-4-1/DataDictionary.html)). Documents with a document type are refused, so that
/// none reaches outside itself.
final class PmmlFields {

    /// A field of the dictionary. `valid` and `missing` are what its `Value` elements list.
    private record Data(
            String type,
            @Nullable String displayName,
            List<Map<String, Object>> intervals,
            List<Object> valid,
            List<Object> missing) {}

    /// What the model does with values of a field that are not there or not valid.
    private record Mining(boolean replacesMissing, boolean refusesInvalid) {}

    private final Map<String, Data> dictionary = new LinkedHashMap<>();
    private final Map<String, Mining> mining = new LinkedHashMap<>();
    /// The names of the elements that the reader is in, the innermost first.
    private final Deque<String> open = new ArrayDeque<>();
    private @Nullable Data current;

    private PmmlFields() {}

    /// Reads a document.
    ///
    /// @throws IllegalArgumentException if it is no PMML; the message names the file and the place
    static PmmlFields read(String file, byte[] document) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        PmmlFields fields = new PmmlFields();
        try {
            XMLStreamReader xml = factory.createXMLStreamReader(new ByteArrayInputStream(document));
            while (xml.hasNext()) {
                switch (xml.next()) {
                    case XMLStreamConstants.DTD ->
                        throw new IllegalArgumentException(
                                file + " has a document type (<!DOCTYPE …>), which is refused; remove it");
                    case XMLStreamConstants.START_ELEMENT -> fields.start(file, xml);
                    case XMLStreamConstants.END_ELEMENT -> fields.open.pop();
                    default -> {}
                }
            }
        } catch (XMLStreamException e) {
            throw new IllegalArgumentException(
                    "%s is no PMML: line %d, column %d is no XML"
                            .formatted(
                                    file,
                                    e.getLocation().getLineNumber(),
                                    e.getLocation().getColumnNumber()),
                    e);
        }
        return fields;
    }

    private void start(String file, XMLStreamReader xml) {
        String name = xml.getLocalName();
        if (open.isEmpty() && !name.equals("PMML")) {
            throw new IllegalArgumentException(
                    "%s is no PMML: its root element is <%s>, not <PMML>".formatted(file, name));
        }
        switch (name) {
            case "DataField" -> dataField(xml);
            case "Interval" -> interval(xml);
            case "Value" -> value(xml);
            case "MiningField" -> miningField(xml);
            default -> {}
        }
        open.push(name);
    }

    private void dataField(XMLStreamReader xml) {
        Data data = new Data(
                text(xml, "dataType", "string"),
                xml.getAttributeValue(null, "displayName"),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>());
        dictionary.put(text(xml, "name", ""), data);
        current = data;
    }

    private void interval(XMLStreamReader xml) {
        if (current == null || !"DataField".equals(open.peek())) {
            return;
        }
        Map<String, Object> bounds = new LinkedHashMap<>();
        String closure = text(xml, "closure", "closedClosed");
        String left = xml.getAttributeValue(null, "leftMargin");
        String right = xml.getAttributeValue(null, "rightMargin");
        if (left != null) {
            bounds.put(closure.startsWith("open") ? "exclusiveMinimum" : "minimum", Double.valueOf(left));
        }
        if (right != null) {
            bounds.put(closure.endsWith("Open") ? "exclusiveMaximum" : "maximum", Double.valueOf(right));
        }
        current.intervals().add(bounds);
    }

    private void value(XMLStreamReader xml) {
        if (current == null || !"DataField".equals(open.peek())) {
            return;
        }
        Object value = typed(current.type(), text(xml, "value", ""));
        switch (text(xml, "property", "valid")) {
            case "valid" -> current.valid().add(value);
            case "missing" -> current.missing().add(value);
            default -> {}
        }
    }

    private static Object typed(String type, String value) {
        return switch (tensorType(type)) {
            case FP32, FP64 -> Double.valueOf(value);
            case INT64 -> Long.valueOf(value);
            case BOOL -> Boolean.valueOf(value);
            default -> value;
        };
    }

    /// Of the models inside a model, none counts: callers see the outermost.
    private void miningField(XMLStreamReader xml) {
        if (open.size() != 3) {
            return;
        }
        String missing = text(xml, "missingValueTreatment", "asIs");
        mining.put(
                text(xml, "name", ""),
                new Mining(
                        xml.getAttributeValue(null, "missingValueReplacement") != null
                                && !missing.equals("returnInvalid"),
                        text(xml, "invalidValueTreatment", "returnInvalid").equals("returnInvalid")));
    }

    private static String text(XMLStreamReader xml, String attribute, String otherwise) {
        String value = xml.getAttributeValue(null, attribute);
        return value == null ? otherwise : value;
    }

    /// Gives the tensor type for one of PMML's data types; dates and times stay the texts they are.
    static TensorType tensorType(String dataType) {
        return switch (dataType) {
            case "double", "real" -> TensorType.FP64;
            case "float" -> TensorType.FP32;
            case "boolean" -> TensorType.BOOL;
            case "integer" -> TensorType.INT64;
            default -> dataType.contains("Since") ? TensorType.INT64 : TensorType.BYTES;
        };
    }

    /// Tells whether the model knows what to take in place of a field that is left out.
    boolean optional(String field) {
        Mining known = mining.get(field);
        return known != null && known.replacesMissing();
    }

    /// Gives the categories of a field as a keyword of JSON Schema; empty if it has none.
    Map<String, Object> categories(@Nullable String field) {
        Data data = field == null ? null : dictionary.get(field);
        return data == null || data.valid().isEmpty() ? Map.of() : Map.of("enum", List.copyOf(data.valid()));
    }

    /// Gives what a field's values fulfil, in keywords of JSON Schema. Invalid values of which the model makes
    /// something
    /// are allowed.
    Map<String, Object> rules(String field) {
        Data data = dictionary.get(field);
        if (data == null) {
            return Map.of();
        }
        Map<String, Object> rules = new LinkedHashMap<>();
        if (data.displayName() != null) {
            rules.put("description", data.displayName());
        }
        Mining known = mining.get(field);
        if (known != null && !known.refusesInvalid()) {
            return rules;
        }
        List<Map<String, Object>> ways = new ArrayList<>(data.intervals());
        if (!data.valid().isEmpty()) {
            List<Object> values = new ArrayList<>(data.valid());
            values.addAll(data.missing());
            ways.add(Map.of("enum", values));
        }
        switch (ways.size()) {
            case 0 -> {}
            case 1 -> rules.putAll(ways.getFirst());
            default -> rules.put("anyOf", ways);
        }
        return rules;
    }
}
