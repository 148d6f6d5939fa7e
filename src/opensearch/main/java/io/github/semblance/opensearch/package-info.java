/**
 * The plugin that runs Semblance inside OpenSearch: the same models, the same fusion and the same
 * answers on an index that is spread over many machines. The only package that names OpenSearch.
 *
 * <h2>The way of a document</h2>
 *
 * The ingest processor {@code semblance} ({@link io.github.semblance.opensearch.EmbedProcessor})
 * cuts its text fields to passages, embeds them on threads of its own and writes them to a nested
 * field. There, a field of type {@code semblance_vector} ({@link
 * io.github.semblance.opensearch.VectorFieldMapper}) turns each into the Lucene fields of {@link
 * io.github.semblance.index.IndexSchema}: a shard holds the same blocks of passages and parent as
 * an index of the library, and the library's queries search it.
 *
 * <h2>The way of a query</h2>
 *
 * {@code semblance} and {@code semantic} ({@link
 * io.github.semblance.opensearch.HybridQueryBuilder}) are queries like any other of OpenSearch: a
 * score depends on no other document, so OpenSearch merges those of all shards. On a shard, {@link
 * io.github.semblance.opensearch.ShardQuery} runs the library's queries. The node that was asked
 * embeds the text, once, or has another do so if it may not use the model ({@link
 * io.github.semblance.opensearch.TransportEmbedAction}); what travels to the shards is the vector.
 * The fetch phase describes the hits of the page, and no others ({@link
 * io.github.semblance.opensearch.LegsPhase}).
 *
 * <h2>Which model</h2>
 *
 * A node has a default model and may have others, all named in {@code opensearch.yml} ({@link
 * io.github.semblance.opensearch.LoadedModels}); a mapping chooses one of them. Shards go to nodes
 * that may use it ({@link io.github.semblance.opensearch.ModelAllocation}). Its fingerprint is part
 * of the mapping of each vector field, of each vector on its way to the index and of each query on
 * its way to the shards; where two differ, the request is refused and the message names both.
 */
@NullMarked
package io.github.semblance.opensearch;

import org.jspecify.annotations.NullMarked;
