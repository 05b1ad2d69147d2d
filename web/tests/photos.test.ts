import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Photo, RentalPhotos } from "../src/api/types";
import { groupPhotos } from "../src/renter/rental/photo-groups";

function photo(id: string, kind: Photo["kind"], damage: number | null = null): Photo {
  const seen = { plate: "ABC1D23", added_at: "2026-01-01T10:00:00Z", sha256: "", href: "" };
  return { id, kind, damage, width: 4, height: 3, size_bytes: 1, ...seen };
}

const scratch = {
  number: 2,
  plate: "ABC1D23",
  description: "scratch",
  amount: { amount: 1, currency: "BRL" },
};

describe("photos of a rental", () => {
  it("are grouped by what they are of, what is charged first", () => {
    const found: RentalPhotos = {
      photos: [
        photo("a", "check_in"),
        photo("b", "check_out"),
        photo("c", "damage", 2),
        photo("d", "check_out"),
      ],
      damages: [{ ...scratch, number: 1, description: "never seen" }, scratch],
    };
    const groups = groupPhotos(found);
    expect(groups.map(({ key }) => key)).toEqual(["damage-2", "check_out", "check_in"]);
    expect(groups.map(({ photos }) => photos.map(({ id }) => id).join(""))).toEqual([
      "c",
      "bd",
      "a",
    ]);
    expect(groups[0]?.description).toBe("scratch");
  });

  it("are nothing where there are none", () => {
    expect(groupPhotos({ photos: [], damages: [scratch] })).toEqual([]);
  });

  it("may be shown although they were fetched, for a picture sends no token", () => {
    const file = join(import.meta.dirname, "../public/staticwebapp.config.json");
    expect(readFileSync(file, "utf8")).toMatch(/img-src [^;]*\bblob:/);
  });
});
