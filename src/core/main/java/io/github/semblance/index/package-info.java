/**
 * The write side: documents become Lucene blocks of passages with vectors.
 *
 * <pre>
 * SourceDocument or an application's Document → passages (word pieces of the model)
 *   → TextEmbedder → vectors
 *   → block: one child per passage, then the parent document → IndexWriter → commit with manifest
 * </pre>
 *
 * <p>Entry type: {@link io.github.semblance.index.SemanticIndexWriter}. {@link
 * io.github.semblance.index.IndexSchema} names every field; {@link
 * io.github.semblance.index.IndexManifest} travels in each commit and tells which model, analyzer
 * and schema wrote the index. What is written needs nothing of Semblance to be read: no codec of
 * its own, only Lucene's.
 *
 * <p>An application may write to the same index with Lucene's own calls. A passage counts only for
 * the document that it was written with, see {@link io.github.semblance.index.SegmentBlocks}; what
 * such calls leave of a deleted document is found for nobody, and a {@link
 * io.github.semblance.index.DropOrphansMergePolicy} or {@link
 * io.github.semblance.index.SemanticIndexWriter#deleteOrphans} removes it. An index that an
 * application has written alone gets its vectors by {@link
 * io.github.semblance.index.SemanticIndexWriter#adopt}.
 *
 * <p>{@link io.github.semblance.index.ModelMigration} gives an index that is in use the vectors of
 * another model.
 *
 * <p>To decide what happens to a document that fails, pass a {@link
 * io.github.semblance.index.FailureHandler}.
 */
@NullMarked
package io.github.semblance.index;

import org.jspecify.annotations.NullMarked;
