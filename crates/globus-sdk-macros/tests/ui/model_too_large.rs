use globus_sdk_macros::model;

/// A row.
#[model]
struct Row {
    /// Number 0.
    f0: bool,
    /// Number 1.
    f1: bool,
    /// Number 2.
    f2: bool,
    /// Number 3.
    f3: bool,
    /// Number 4.
    f4: bool,
    /// Number 5.
    f5: bool,
    /// Number 6.
    f6: bool,
    /// Number 7.
    f7: bool,
    /// Number 8.
    f8: bool,
    /// Number 9.
    f9: bool,
    /// Number 10.
    f10: bool,
    /// Number 11.
    f11: bool,
    /// Number 12.
    f12: bool,
    /// Number 13.
    f13: bool,
    /// Number 14.
    f14: bool,
    /// Number 15.
    f15: bool,
    /// Number 16.
    f16: bool,
    /// Number 17.
    f17: bool,
    /// Number 18.
    f18: bool,
    /// Number 19.
    f19: bool,
    /// Number 20.
    f20: bool,
    /// Number 21.
    f21: bool,
    /// Number 22.
    f22: bool,
    /// Number 23.
    f23: bool,
    /// Number 24.
    f24: bool,
    /// Number 25.
    f25: bool,
    /// Number 26.
    f26: bool,
    /// Number 27.
    f27: bool,
    /// Number 28.
    f28: bool,
    /// Number 29.
    f29: bool,
    /// Number 30.
    f30: bool,
    /// Number 31.
    f31: bool,
    /// Number 32.
    f32: bool,
    /// Number 33.
    f33: bool,
    /// Number 34.
    f34: bool,
    /// Number 35.
    f35: bool,
    /// Number 36.
    f36: bool,
    /// Number 37.
    f37: bool,
    /// Number 38.
    f38: bool,
    /// Number 39.
    f39: bool,
    /// Number 40.
    f40: bool,
    /// Number 41.
    f41: bool,
    /// Number 42.
    f42: bool,
    /// Number 43.
    f43: bool,
    /// Number 44.
    f44: bool,
    /// Number 45.
    f45: bool,
    /// Number 46.
    f46: bool,
    /// Number 47.
    f47: bool,
    /// Number 48.
    f48: bool,
    /// Number 49.
    f49: bool,
    /// Number 50.
    f50: bool,
    /// Number 51.
    f51: bool,
    /// Number 52.
    f52: bool,
    /// Number 53.
    f53: bool,
    /// Number 54.
    f54: bool,
    /// Number 55.
    f55: bool,
    /// Number 56.
    f56: bool,
    /// Number 57.
    f57: bool,
    /// Number 58.
    f58: bool,
    /// Number 59.
    f59: bool,
    /// Number 60.
    f60: bool,
    /// Number 61.
    f61: bool,
    /// Number 62.
    f62: bool,
    /// Number 63.
    f63: bool,
    /// Number 64.
    f64: bool,
    /// Number 65.
    f65: bool,
    /// Number 66.
    f66: bool,
    /// Number 67.
    f67: bool,
    /// Number 68.
    f68: bool,
    /// Number 69.
    f69: bool,
    /// Number 70.
    f70: bool,
    /// Number 71.
    f71: bool,
    /// Number 72.
    f72: bool,
    /// Number 73.
    f73: bool,
    /// Number 74.
    f74: bool,
    /// Number 75.
    f75: bool,
    /// Number 76.
    f76: bool,
    /// Number 77.
    f77: bool,
    /// Number 78.
    f78: bool,
    /// Number 79.
    f79: bool,
    /// Number 80.
    f80: bool,
    /// Number 81.
    f81: bool,
    /// Number 82.
    f82: bool,
    /// Number 83.
    f83: bool,
    /// Number 84.
    f84: bool,
    /// Number 85.
    f85: bool,
    /// Number 86.
    f86: bool,
    /// Number 87.
    f87: bool,
    /// Number 88.
    f88: bool,
    /// Number 89.
    f89: bool,
    /// Number 90.
    f90: bool,
    /// Number 91.
    f91: bool,
    /// Number 92.
    f92: bool,
    /// Number 93.
    f93: bool,
    /// Number 94.
    f94: bool,
    /// Number 95.
    f95: bool,
    /// Number 96.
    f96: bool,
    /// Number 97.
    f97: bool,
    /// Number 98.
    f98: bool,
    /// Number 99.
    f99: bool,
    /// Number 100.
    f100: bool,
    /// Number 101.
    f101: bool,
    /// Number 102.
    f102: bool,
    /// Number 103.
    f103: bool,
    /// Number 104.
    f104: bool,
    /// Number 105.
    f105: bool,
    /// Number 106.
    f106: bool,
    /// Number 107.
    f107: bool,
    /// Number 108.
    f108: bool,
    /// Number 109.
    f109: bool,
    /// Number 110.
    f110: bool,
    /// Number 111.
    f111: bool,
    /// Number 112.
    f112: bool,
    /// Number 113.
    f113: bool,
    /// Number 114.
    f114: bool,
    /// Number 115.
    f115: bool,
    /// Number 116.
    f116: bool,
    /// Number 117.
    f117: bool,
    /// Number 118.
    f118: bool,
    /// Number 119.
    f119: bool,
    /// Number 120.
    f120: bool,
    /// Number 121.
    f121: bool,
    /// Number 122.
    f122: bool,
    /// Number 123.
    f123: bool,
    /// Number 124.
    f124: bool,
    /// Number 125.
    f125: bool,
    /// Number 126.
    f126: bool,
    /// Number 127.
    f127: bool,
    /// Number 128.
    f128: bool,
}

fn main() {}
