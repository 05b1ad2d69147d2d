import type { Area } from "../area";

export const FLEET: Area = { pages: [], useMenu: () => [] };
