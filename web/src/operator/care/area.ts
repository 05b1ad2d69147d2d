import type { Area } from "../area";

export const CARE: Area = { pages: [], useMenu: () => [] };
