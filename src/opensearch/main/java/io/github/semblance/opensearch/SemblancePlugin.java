package io.github.semblance.opensearch;

import io.github.semblance.index.Quantization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.opensearch.action.ActionRequest;
import org.opensearch.action.support.ActionFilter;
import org.opensearch.cluster.metadata.IndexNameExpressionResolver;
import org.opensearch.cluster.node.DiscoveryNodes;
import org.opensearch.cluster.routing.allocation.decider.AllocationDecider;
import org.opensearch.cluster.service.ClusterService;
import org.opensearch.common.settings.ClusterSettings;
import org.opensearch.common.settings.IndexScopedSettings;
import org.opensearch.common.settings.Setting;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.settings.SettingsFilter;
import org.opensearch.core.action.ActionResponse;
import org.opensearch.core.common.io.stream.NamedWriteableRegistry;
import org.opensearch.core.xcontent.NamedXContentRegistry;
import org.opensearch.env.Environment;
import org.opensearch.env.NodeEnvironment;
import org.opensearch.index.IndexModule;
import org.opensearch.index.IndexSettings;
import org.opensearch.index.codec.CodecServiceFactory;
import org.opensearch.index.mapper.Mapper;
import org.opensearch.ingest.Processor;
import org.opensearch.plugins.ActionPlugin;
import org.opensearch.plugins.ClusterPlugin;
import org.opensearch.plugins.EnginePlugin;
import org.opensearch.plugins.IngestPlugin;
import org.opensearch.plugins.MapperPlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.plugins.SearchPlugin;
import org.opensearch.repositories.RepositoriesService;
import org.opensearch.rest.RestController;
import org.opensearch.rest.RestHandler;
import org.opensearch.script.ScriptService;
import org.opensearch.search.fetch.FetchSubPhase;
import org.opensearch.search.fetch.subphase.highlight.Highlighter;
import org.opensearch.threadpool.ExecutorBuilder;
import org.opensearch.threadpool.ThreadPool;
import org.opensearch.transport.client.Client;
import org.opensearch.watcher.ResourceWatcherService;

/**
 * Tells OpenSearch what this plugin adds: an ingest processor, a field type, queries, what is shown
 * of hits. Made once per node; thread-safe as its parts are.
 */
public final class SemblancePlugin extends Plugin
    implements ActionPlugin, ClusterPlugin, EnginePlugin, IngestPlugin, MapperPlugin, SearchPlugin {

  /**
   * How an index keeps its vectors. A setting of the index and not of the field, because it chooses
   * the codec, of which an index has one.
   */
  static final Setting<Quantization> QUANTIZATION =
      NodeSettings.choice(
          "index.semblance.quantization",
          Quantization.NONE,
          Setting.Property.IndexScope,
          Setting.Property.Final);

  /** Whether a document may keep passages of another text than it has. */
  static final Setting<StaleVectors> STALE_VECTORS =
      NodeSettings.choice(
          "index.semblance.stale_vectors",
          StaleVectors.REFUSE,
          Setting.Property.IndexScope,
          Setting.Property.Final); // or a replica and a recovery could decide otherwise

  private final Settings nodeSettings;
  private final NodeModels models;
  private final ShardSearches searches = new ShardSearches();
  private final MappedModels mapped = new MappedModels();
  private final QueryNode queryNode;

  /**
   * Called by OpenSearch.
   *
   * @param settings of the node; the default model is loaded when the node starts
   */
  public SemblancePlugin(Settings settings) {
    this.nodeSettings = settings;
    this.models = new NodeModels(settings);
    this.queryNode = new QueryNode(models, searches, mapped);
  }

  @Override
  public Collection<Object> createComponents(
      Client client,
      ClusterService clusterService,
      ThreadPool threadPool,
      ResourceWatcherService resourceWatcherService,
      ScriptService scriptService,
      NamedXContentRegistry contentRegistry,
      Environment environment,
      NodeEnvironment nodeEnvironment,
      NamedWriteableRegistry writeableRegistry,
      IndexNameExpressionResolver expressionResolver,
      Supplier<RepositoriesService> repositories) {
    models.start(threadPool, environment);
    return List.of(models, queryNode);
  }

  @Override
  public List<Setting<?>> getSettings() {
    List<Setting<?>> all = new ArrayList<>(NodeSettings.all());
    all.add(QUANTIZATION);
    all.add(STALE_VECTORS);
    return all;
  }

  @Override
  public Settings additionalSettings() {
    return ModelAllocation.attribute(nodeSettings);
  }

  @Override
  public Collection<AllocationDecider> createAllocationDeciders(
      Settings settings, ClusterSettings clusterSettings) {
    return List.of(new ModelAllocation(mapped));
  }

  @Override
  public List<ExecutorBuilder<?>> getExecutorBuilders(Settings settings) {
    return NodeModels.executors(settings);
  }

  @Override
  public Map<String, Processor.Factory> getProcessors(Processor.Parameters parameters) {
    return Map.of(
        EmbedProcessor.TYPE,
        new EmbedProcessor.Factory(
            models, mapped, () -> parameters.ingestService.getClusterService().state()));
  }

  @Override
  public Map<String, Mapper.TypeParser> getMappers() {
    return Map.of(VectorFieldMapper.TYPE, VectorFieldMapper.parser(models));
  }

  @Override
  public Optional<CodecServiceFactory> getCustomCodecServiceFactory(IndexSettings settings) {
    // Only where it was asked for: of all plugins of a node, one may have a codec for an index.
    return settings.getValue(QUANTIZATION) == Quantization.NONE
        ? Optional.empty()
        : Optional.of(
            config -> new QuantizingCodecService(config, settings.getValue(QUANTIZATION)));
  }

  @Override
  public void onIndexModule(IndexModule index) {
    index.addSearchOperationListener(searches);
  }

  @Override
  public List<ActionFilter> getActionFilters() {
    return List.of(models.answers());
  }

  @Override
  public List<QuerySpec<?>> getQueries() {
    return List.of(query(HybridQueryBuilder.NAME), query(HybridQueryBuilder.SEMANTIC));
  }

  private QuerySpec<HybridQueryBuilder> query(String name) {
    return new QuerySpec<>(
        name,
        in -> new HybridQueryBuilder(in, queryNode, name),
        parser -> HybridQueryBuilder.parse(parser, queryNode, name));
  }

  @Override
  public List<SearchExtSpec<?>> getSearchExts() {
    return List.of(new SearchExtSpec<>(LegsRequest.NAME, LegsRequest::new, LegsRequest::parse));
  }

  @Override
  public Map<String, Highlighter> getHighlighters() {
    return Map.of(SentencesOfHits.NAME, new SentencesOfHits(models));
  }

  @Override
  public List<FetchSubPhase> getFetchSubPhases(FetchPhaseConstructionContext context) {
    return List.of(new LegsPhase());
  }

  @Override
  public List<ActionHandler<? extends ActionRequest, ? extends ActionResponse>> getActions() {
    return List.of(
        new ActionHandler<>(TransportEmbedAction.ACTION, TransportEmbedAction.class),
        new ActionHandler<>(TransportStatsAction.ACTION, TransportStatsAction.class));
  }

  @Override
  public List<RestHandler> getRestHandlers(
      Settings settings,
      RestController restController,
      ClusterSettings clusterSettings,
      IndexScopedSettings indexScopedSettings,
      SettingsFilter settingsFilter,
      IndexNameExpressionResolver expressionResolver,
      Supplier<DiscoveryNodes> nodes) {
    return List.of(new RestStatsAction());
  }

  @Override
  public void close() throws IOException {
    models.close();
  }
}
