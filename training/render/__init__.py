"""placeholder"""
CLASSES = ['planet', 'mushroom', 'sailboat', 'lighthouse', 'balloon', 'fish', 'flower', 'butterfly', 'cactus', 'house']
SIZE = 64
render = None
