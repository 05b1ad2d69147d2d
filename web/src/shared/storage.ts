/** Browser storage that may be full, blocked or absent: then the page works, and forgets. */
const PREFIX = "rentacar.";

export function readStored(name: string, area: () => Storage = () => localStorage): string | null {
  try {
    return area().getItem(PREFIX + name);
  } catch {
    return null;
  }
}

export function writeStored(
  name: string,
  value: string | null,
  area: () => Storage = () => localStorage,
): void {
  try {
    if (value === null) area().removeItem(PREFIX + name);
    else area().setItem(PREFIX + name, value);
  } catch {
    // Private windows may refuse to store; nothing that follows depends on it.
  }
}

export function readStoredJson<T>(name: string, area?: () => Storage): T | null {
  const text = readStored(name, area);
  if (text === null) return null;
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}
