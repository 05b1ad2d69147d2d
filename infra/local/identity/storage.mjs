/** Sessions, codes and grants in memory, oldest forgotten first: a restart signs everyone out. */

const KEPT_ENTRIES = 10_000;

export function makeStorage() {
  const entries = new Map();
  const byGrant = new Map(); // grant id -> keys of what was issued under it

  function set(key, payload, lifetimeSeconds) {
    entries.delete(key); // so that the newest stands last
    const expiresAt = lifetimeSeconds ? Date.now() + lifetimeSeconds * 1000 : Infinity;
    entries.set(key, { payload, expiresAt });
    if (entries.size > KEPT_ENTRIES) entries.delete(entries.keys().next().value);
  }

  function get(key) {
    const entry = entries.get(key);
    if (!entry) return undefined;
    if (entry.expiresAt > Date.now()) return entry.payload;
    entries.delete(key);
    return undefined;
  }

  /** The interface is oidc-provider's Adapter; it makes one for each kind of thing stored. */
  return class Storage {
    constructor(kind) {
      this.kind = kind;
    }

    key(id) {
      return `${this.kind}:${id}`;
    }

    async upsert(id, payload, lifetimeSeconds) {
      set(this.key(id), payload, lifetimeSeconds);
      if (payload.uid) set(`uid:${payload.uid}`, id, lifetimeSeconds);
      if (payload.grantId) {
        const keys = byGrant.get(payload.grantId) ?? new Set();
        byGrant.set(payload.grantId, keys.add(this.key(id)));
        if (byGrant.size > KEPT_ENTRIES) byGrant.delete(byGrant.keys().next().value);
      }
    }

    async find(id) {
      return get(this.key(id));
    }

    async findByUid(uid) {
      const id = get(`uid:${uid}`);
      return id && this.find(id);
    }

    async consume(id) {
      const payload = get(this.key(id));
      if (payload) payload.consumed = Math.floor(Date.now() / 1000);
    }

    async destroy(id) {
      entries.delete(this.key(id));
    }

    async revokeByGrantId(grantId) {
      for (const key of byGrant.get(grantId) ?? []) entries.delete(key);
      byGrant.delete(grantId);
    }
  };
}
