package com.pelagicore.softwarecontainer.config;

import com.pelagicore.softwarecontainer.error.Quoted;
import java.util.IdentityHashMap;
import java.util.regex.Pattern;
import tools.jackson.core.ErrorReportConfiguration;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON that remembers the line of each object and array. RFC 8259, and nothing beyond it; of a key given
 * twice the last counts. Nesting is limited to 100, the text to 100,000 tokens, integers to 64 bits, other
 * numbers to finite ones.
 */
public final class LocatedJson {

    private static final int MAX_DEPTH = 100;

    /** The tree of "[[],[],[]" is fifty times as large as the text, and the heap of the agent is small. */
    private static final int MAX_TOKENS = 100_000;

    private static final int MAX_REASON = 200;

    /** Without a table of property names: that is what colliding names are aimed at. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxTokenCount(MAX_TOKENS)
                    .build())
            .errorReportConfiguration(
                    ErrorReportConfiguration.builder().maxErrorTokenLength(40).build())
            .build();

    /** What Jackson's messages say to programmers: names of its classes and of features to switch on. */
    private static final Pattern FOR_PROGRAMMERS = Pattern.compile(
            ", from `[^`]*`|: enable `[^`]*` to allow|\\(not recognized as one since [^)]*\\)|\\[Source: [^;]*; |, should never happen");

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonNode root;
    private final IdentityHashMap<JsonNode, Integer> lines;

    private LocatedJson(JsonNode root, IdentityHashMap<JsonNode, Integer> lines) {
        this.root = root;
        this.lines = lines;
    }

    /**
     * Reads one JSON value with nothing but white space around it.
     *
     * @throws InvalidJson with the place of the first defect
     */
    public static LocatedJson parse(String text) {
        if (text.startsWith("\uFEFF")) {
            throw new InvalidJson(1, 1, "the text begins with a byte order mark");
        }
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            return read(parser);
        }
    }

    private static LocatedJson read(JsonParser parser) {
        try {
            return new Reader(parser).read();
        } catch (JacksonException e) {
            // exceeded limits come without a place
            TokenStreamLocation at = e.getLocation() == null ? parser.currentLocation() : e.getLocation();
            throw invalid(at, String.valueOf(e.getOriginalMessage()));
        }
    }

    public JsonNode root() {
        return root;
    }

    /** Line, from 1, in which this object or array of the tree begins; for other values that of {@code parent}. */
    public int lineOf(JsonNode node, JsonNode parent) {
        Integer line = lines.getOrDefault(node, lines.get(parent));
        return line == null ? 1 : line;
    }

    private static InvalidJson invalid(TokenStreamLocation at, String reason) {
        String plain = FOR_PROGRAMMERS.matcher(reason).replaceAll("");
        String line = Quoted.line(plain.replaceAll("[\r\n]+\\s*", " "), MAX_REASON);
        return new InvalidJson(Math.max(1, at.getLineNr()), Math.max(1, at.getColumnNr()), line);
    }

    /** Builds the tree from the tokens; recursion is bounded by the parser's limit on nesting. */
    private static final class Reader {

        private final JsonParser parser;
        private final IdentityHashMap<JsonNode, Integer> lines = new IdentityHashMap<>();

        Reader(JsonParser parser) {
            this.parser = parser;
        }

        LocatedJson read() {
            if (parser.nextToken() == null) {
                throw defect("there is nothing but white space");
            }
            JsonNode root = value();
            if (parser.nextToken() != null) {
                throw defect("there is more after the end");
            }
            return new LocatedJson(root, lines);
        }

        private JsonNode value() {
            JsonToken token = parser.currentToken();
            return switch (token) {
                case START_OBJECT -> object();
                case START_ARRAY -> array();
                case VALUE_STRING -> NODES.stringNode(text(parser.getString()));
                case VALUE_NUMBER_INT -> integer();
                case VALUE_NUMBER_FLOAT -> real();
                case VALUE_TRUE -> NODES.booleanNode(true);
                case VALUE_FALSE -> NODES.booleanNode(false);
                case VALUE_NULL -> NODES.nullNode();
                case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                    throw new IllegalStateException("token " + token + " where a value begins");
            };
        }

        private JsonNode object() {
            ObjectNode object = NODES.objectNode();
            lines.put(object, parser.currentTokenLocation().getLineNr());
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = text(parser.currentName());
                parser.nextToken();
                object.set(key, value());
            }
            return object;
        }

        private JsonNode array() {
            ArrayNode array = NODES.arrayNode();
            lines.put(array, parser.currentTokenLocation().getLineNr());
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                array.add(value());
            }
            return array;
        }

        private JsonNode integer() {
            return switch (parser.getNumberType()) {
                case INT, LONG -> NODES.numberNode(parser.getLongValue());
                case BIG_INTEGER, BIG_DECIMAL, FLOAT, DOUBLE -> throw defect("an integer is too big");
            };
        }

        private JsonNode real() {
            double number = parser.getDoubleValue();
            if (!Double.isFinite(number)) {
                throw defect("a number is too big");
            }
            return NODES.numberNode(number);
        }

        /** Half a surrogate pair has no UTF-8 form: it would come out as another name or path. */
        private String text(String text) {
            for (int i = 0; i < text.length(); i++) {
                if (Character.isSurrogate(text.charAt(i))) {
                    if (!Character.isSurrogatePair(text.charAt(i), i + 1 < text.length() ? text.charAt(i + 1) : ' ')) {
                        throw defect("a string contains half a surrogate pair");
                    }
                    i++;
                }
            }
            return text;
        }

        private InvalidJson defect(String reason) {
            return invalid(parser.currentTokenLocation(), reason);
        }
    }
}
