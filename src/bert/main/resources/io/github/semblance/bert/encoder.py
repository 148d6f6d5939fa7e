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
{linear_attributes}
  def configure(self: __torch__.BertEncoder, heads: int, layers: int, epsilon: float, activation: str) -> int:
    self.heads = heads
    self.layers = layers
    self.epsilon = epsilon
    self.activation = activation
    return layers
  def set_weights(self: __torch__.BertEncoder, tables: List[Tensor], norms: List[Tensor], linears: List[Tensor], biases: List[Tensor]) -> int:
    self.tables = self.copies(tables)
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
      values = self.weight(i)
    return values
  def norm(self: __torch__.BertEncoder, x: Tensor, i: int) -> Tensor:
    return torch.layer_norm(x, [torch.size(x, 1)], self.norms[2 * i], self.norms[2 * i + 1], self.epsilon)
  def attend(self: __torch__.BertEncoder, qkv: Tensor, runs: List[int]) -> Tensor:
    width = torch.floordiv(torch.size(qkv, 1), 3)
    depth = torch.floordiv(width, self.heads)
    contexts = annotate(List[Tensor], [])
    start = 0
    for r in range(torch.floordiv(torch.len(runs), 2)):
      texts = runs[2 * r]
      length = runs[2 * r + 1]
      rows = texts * length
      part = torch.permute(torch.view(torch.slice(qkv, 0, start, start + rows), [texts, length, 3, self.heads, depth]), [2, 0, 3, 1, 4])
      context = torch.scaled_dot_product_attention(torch.select(part, 0, 0), torch.select(part, 0, 1), torch.select(part, 0, 2), None, 0.0, False)
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
  def hidden(self: __torch__.BertEncoder, ids: Tensor, positions: Tensor, runs: List[int]) -> Tensor:
    x = torch.add(torch.embedding(self.tables[0], ids), torch.embedding(self.tables[1], positions))
    x = self.norm(x, 0)
    for layer in range(self.layers):
      context = self.attend(self.linear(x, 4 * layer), runs)
      x = self.norm(self.linear_add(context, x, 4 * layer + 1), 2 * layer + 1)
      x = self.norm(self.linear_add(self.linear_gelu(x, 4 * layer + 2), x, 4 * layer + 3), 2 * layer + 2)
    return x
  def embed(self: __torch__.BertEncoder, ids: Tensor, positions: Tensor, runs: List[int], pooling: str, normalize: bool) -> Tensor:
    x = self.hidden(ids, positions, runs)
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
