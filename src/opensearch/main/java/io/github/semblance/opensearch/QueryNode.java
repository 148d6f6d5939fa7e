package io.github.semblance.opensearch;

/**
 * What queries need of the node that they are on. Thread-safe.
 *
 * @param model embeds their text
 * @param searches that they are part of
 */
record QueryNode(NodeModel model, ShardSearches searches) {}
