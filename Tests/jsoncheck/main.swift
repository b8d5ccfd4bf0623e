import DeepIDVCore
print(1)
