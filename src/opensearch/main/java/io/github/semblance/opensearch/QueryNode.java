package io.github.semblance.opensearch;

/**
 * What queries need of the node that they are on. Thread-safe.
 *
 * @param model embeds their text
 * @param aliases what they may find
 */
record QueryNode(NodeModel model, AliasFilters aliases) {}
