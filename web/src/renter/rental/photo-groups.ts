/** Photos by what they are of: each damage first, for it is charged, then out and back. */
import type { Photo, RentalPhotos } from "../../api/types";

export interface PhotoGroup {
  key: string;
  kind: Photo["kind"];
  /** What the damage was called. */
  description: string;
  photos: Photo[];
}

export function groupPhotos({ photos, damages }: RentalPhotos): PhotoGroup[] {
  const groups: PhotoGroup[] = damages.map(({ number, description }) => ({
    key: `damage-${number}`,
    kind: "damage",
    description,
    photos: photos.filter(({ damage }) => damage === number),
  }));
  for (const kind of ["check_out", "check_in"] as const) {
    const some = photos.filter((photo) => photo.kind === kind);
    groups.push({ key: kind, kind, description: "", photos: some });
  }
  return groups.filter((group) => group.photos.length > 0);
}
