package io.github.semblance.index;

/**
 * What one step of a change of model has done, see {@link ModelMigration}.
 *
 * @param documents how many documents the new index has
 * @param passages how many passages those have
 * @param embedded how many of these the model has read in this step; the others had been embedded
 *     before
 * @param switched whether the index answers with the new model from now on
 */
public record MigrationSummary(long documents, long passages, long embedded, boolean switched) {}
