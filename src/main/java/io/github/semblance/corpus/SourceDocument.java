package io.github.semblance.corpus;

import java.util.List;
import java.util.Map;

/**
 * One document as its source gives it, before analysis and embedding.
 *
 * <p>Immutable and safe for use by many threads.
 *
 * @param id unique in a corpus; not blank
 * @param title may be empty
 * @param text may be empty only if the title is not
 * @param keywords exact values by field name, in source order, for filters and facets
 */
public record SourceDocument(
    String id, String title, String text, Map<String, List<String>> keywords) {}
