/** Photos of the car: the list, and each file as bytes, because a picture sends no token. */
import { call, download } from "./client";
import type { RentalPhotos } from "./types";

function pathOf(reference: string): string {
  return `/rentals/${encodeURIComponent(reference)}/photos`;
}

export async function readPhotos(
  reference: string,
  token: string,
  signal?: AbortSignal,
): Promise<RentalPhotos> {
  const answer = await call<RentalPhotos>(pathOf(reference), {
    headers: { Authorization: `Bearer ${token}` },
    ...(signal ? { signal } : {}),
  });
  return answer.body as RentalPhotos;
}

export function downloadPhoto(reference: string, token: string, id: string): Promise<Blob> {
  const path = `${pathOf(reference)}/${encodeURIComponent(id)}`;
  return download(path, { Authorization: `Bearer ${token}`, Accept: "image/jpeg" });
}
