class BertEncoder(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  heads : int
  layers : int
  epsilon : float
  activation : str
  tables : List[Tensor]
  norms : List[Tensor]
  linears : List[Tensor]
  biases : List[Tensor]
  relative : List[Tensor]
{linear_attributes}
  def configure(self: __torch__.BertEncoder, heads: int, layers: int, epsilon: float, activation: str) -> int:
    self.heads = heads
    self.layers = layers
    self.epsilon = epsilon
    self.activation = activation
    return layers
  def set_weights(self: __torch__.BertEncoder, tables: List[Tensor], norms: List[Tensor], linears: List[Tensor], biases: List[Tensor]) -> int:
    self.tables = self.copies([tables[0], tables[1]])
    if torch.gt(torch.len(tables), 2):
      self.relative = [self.by_distance(tables[2])]
    self.norms = self.copies(norms)
    self.biases = self.copies(biases)
    self.pack(linears)
    return torch.len(linears)
  def copies(self: __torch__.BertEncoder, tensors: List[Tensor]) -> List[Tensor]:
    copies = annotate(List[Tensor], [])
    for i in range(torch.len(tensors)):
      torch.append(copies, torch.clone(tensors[i]))
    return copies
  def tensor(self: __torch__.BertEncoder, kind: str, i: int) -> Tensor:
    if torch.eq(kind, "TABLE"):
      values = self.tables[i]
    elif torch.eq(kind, "NORM"):
      values = self.norms[i]
    elif torch.eq(kind, "BIAS"):
      values = self.biases[i]
    else:
      values = self.linear_tensor(kind, i)
    return values
  def norm(self: __torch__.BertEncoder, x: Tensor, i: int) -> Tensor:
    return torch.layer_norm(x, [torch.size(x, 1)], self.norms[2 * i], self.norms[2 * i + 1], self.epsilon)
  def activate(self: __torch__.BertEncoder, x: Tensor) -> Tensor:
    if torch.eq(self.activation, "relu"):
      y = torch.relu(x)
    else:
      y = torch.gelu(x, approximate=self.activation)
    return y
  # What attention adds by the distance from a token to the one it looks at, as T5 has it (Raffel
  # et al. 2020): half of the buckets for each direction, of them half for one distance each and
  # half for ranges that grow up to a distance of 128. From [buckets, heads] to [heads, distances],
  # the greatest distance backwards first.
  def by_distance(self: __torch__.BertEncoder, table: Tensor) -> Tensor:
    farthest = torch.size(self.tables[1], 0) - 1
    distance = torch.arange(-farthest, farthest + 1, dtype=4)
    directed = torch.floordiv(torch.size(table, 0), 2)
    exact = torch.floordiv(directed, 2)
    length = torch.abs(distance)
    scale = torch.log(torch.div(128.0, exact))
    growing = torch.mul(torch.div(torch.log(torch.div(torch.to(length, 6), exact)), scale), directed - exact)
    far = torch.clamp_max(torch.add(torch.to(torch.clamp_min(growing, 0.0), 4), exact), directed - 1)
    bucket = torch.add(torch.where(torch.lt(length, exact), length, far), torch.mul(torch.to(torch.gt(distance, 0), 4), directed))
    return torch.contiguous(torch.transpose(torch.embedding(table, bucket), 0, 1))
  # One [1, heads, length, length] for each run, or none: row i, column j is the distance j - i.
  def masks(self: __torch__.BertEncoder, runs: List[int]) -> List[Tensor]:
    masks = annotate(List[Tensor], [])
    if torch.gt(torch.len(self.relative), 0):
      middle = torch.floordiv(torch.size(self.relative[0], 1), 2)
      for r in range(torch.floordiv(torch.len(runs), 2)):
        length = runs[2 * r + 1]
        near = torch.slice(self.relative[0], 1, middle + 1 - length, middle + length)
        torch.append(masks, torch.unsqueeze(torch.flip(torch.unfold(near, 1, length, 1), [1]), 0))
    return masks
  def attend(self: __torch__.BertEncoder, qkv: Tensor, runs: List[int], masks: List[Tensor]) -> Tensor:
    width = torch.floordiv(torch.size(qkv, 1), 3)
    depth = torch.floordiv(width, self.heads)
    contexts = annotate(List[Tensor], [])
    start = 0
    for r in range(torch.floordiv(torch.len(runs), 2)):
      texts = runs[2 * r]
      length = runs[2 * r + 1]
      rows = texts * length
      part = torch.permute(torch.view(torch.slice(qkv, 0, start, start + rows), [texts, length, 3, self.heads, depth]), [2, 0, 3, 1, 4])
      if torch.eq(torch.len(masks), 0):
        context = torch.scaled_dot_product_attention(torch.select(part, 0, 0), torch.select(part, 0, 1), torch.select(part, 0, 2), None, 0.0, False)
      else:
        context = torch.scaled_dot_product_attention(torch.select(part, 0, 0), torch.select(part, 0, 1), torch.select(part, 0, 2), masks[r], 0.0, False)
      torch.append(contexts, torch.reshape(torch.transpose(context, 1, 2), [rows, width]))
      start = start + rows
    filler = torch.size(qkv, 0) - start
    if torch.gt(filler, 0):
      torch.append(contexts, torch.zeros([filler, width], dtype=6))
    if torch.eq(torch.len(contexts), 1):
      joined = contexts[0]
    else:
      joined = torch.cat(contexts, 0)
    return joined
  def start(self: __torch__.BertEncoder, ids: Tensor, positions: Tensor) -> Tensor:
    return self.norm(torch.add(torch.embedding(self.tables[0], ids), torch.embedding(self.tables[1], positions)), 0)
  def project(self: __torch__.BertEncoder, x: Tensor, layer: int) -> Tensor:
    return self.linear(x, 4 * layer)
  def complete(self: __torch__.BertEncoder, context: Tensor, x: Tensor, layer: int) -> Tensor:
    x = self.norm(self.linear_add(context, x, 4 * layer + 1), 2 * layer + 1)
    return self.norm(self.linear_add(self.linear_activated(x, 4 * layer + 2), x, 4 * layer + 3), 2 * layer + 2)
  def hidden(self: __torch__.BertEncoder, ids: Tensor, positions: Tensor, runs: List[int]) -> Tensor:
    x = self.start(ids, positions)
    masks = self.masks(runs)
    for layer in range(self.layers):
      x = self.complete(self.attend(self.project(x, layer), runs, masks), x, layer)
    return x
  def embed(self: __torch__.BertEncoder, ids: Tensor, positions: Tensor, runs: List[int], pooling: str, normalize: bool) -> Tensor:
    return self.pool(self.hidden(ids, positions, runs), runs, pooling, normalize)
  def pool(self: __torch__.BertEncoder, x: Tensor, runs: List[int], pooling: str, normalize: bool) -> Tensor:
    pooled = annotate(List[Tensor], [])
    start = 0
    for r in range(torch.floordiv(torch.len(runs), 2)):
      texts = runs[2 * r]
      length = runs[2 * r + 1]
      rows = texts * length
      states = torch.view(torch.slice(x, 0, start, start + rows), [texts, length, torch.size(x, 1)])
      if torch.eq(pooling, "MEAN"):
        vectors = torch.mean(states, [1])
      elif torch.eq(pooling, "CLS"):
        vectors = torch.select(states, 1, 0)
      else:
        vectors = torch.amax(states, [1])
      torch.append(pooled, vectors)
      start = start + rows
    vectors = torch.cat(pooled, 0)
    if normalize:
      vectors = torch.div(vectors, torch.clamp_min(torch.linalg_vector_norm(vectors, 2, [1], True), 9.9999999999999998e-13))
    return vectors
